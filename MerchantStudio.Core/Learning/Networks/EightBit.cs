using MerchantStudio.Core.Learning.Layers;

namespace MerchantStudio.Core.Learning.Networks;

/// <summary>Weights as whole numbers from -127 to 127 times a step of their channel, zero in the middle: a quarter of the bytes for a little less precision.</summary>
/// <remarks>Jacob and others, Quantization and training of neural networks for efficient integer-arithmetic-only inference, CVPR 2018; symmetric, weights alone.</remarks>
internal static class EightBit
{
    private const int Largest = sbyte.MaxValue;

    /// <param name="channels">How many there are.</param>
    /// <param name="stride">How many numbers lie side by side in one channel before the next one's begin.</param>
    /// <returns>The whole numbers and each channel's step.</returns>
    public static (sbyte[] Codes, float[] Steps) Of(ReadOnlySpan<float> values, int channels, int stride)
    {
        var steps = new float[channels];
        for (var i = 0; i < values.Length; i++) steps[i / stride % channels] = Math.Max(steps[i / stride % channels], Math.Abs(values[i]));
        for (var channel = 0; channel < channels; channel++) steps[channel] = steps[channel] > 0 ? steps[channel] / Largest : 1;
        var codes = new sbyte[values.Length];
        for (var i = 0; i < codes.Length; i++) codes[i] = (sbyte)Math.Clamp(MathF.Round(values[i] / steps[i / stride % channels]), -Largest, Largest);
        return (codes, steps);
    }

    /// <summary>Gives every weight of a network of the same build the value that it would have after it was written so and read back.</summary>
    public static void CopyRounded(Parameters from, Parameters parameters)
    {
        parameters.Begin(0);
        from.Span.CopyTo(parameters.Span);
        foreach (var parameter in parameters.All.Where(parameter => parameter.Channels != WeightChannels.None))
        {
            var values = parameters.Span.Slice(parameter.Offset, parameter.Length);
            var (channels, stride) = parameter.Channels == WeightChannels.Columns ? (parameter.Columns, 1) : (parameter.Rows, parameter.Columns);
            var (codes, steps) = Of(values, channels, stride);
            for (var i = 0; i < values.Length; i++) values[i] = codes[i] * steps[i / stride % channels];
        }
    }
}
