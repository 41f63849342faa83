using MerchantStudio.Core.Native.OnnxRuntime;

namespace MerchantStudio.Core.Learning.Onnx;

/// <summary>Runs a model file that the studio has written, as any other program would.</summary>
public static class ExportedModel
{
    /// <summary>The file's probabilities of rows that are numbers only.</summary>
    /// <returns>Null where ONNX Runtime is not offered for this machine.</returns>
    public static float[]? Probabilities(byte[] file, FeatureMatrix x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return Numbers(file, new Dictionary<string, float[]> { [OnnxInputs.Numbers] = OnnxInputs.RowByRow(x) }, x.Rows, BinaryModels.OnnxOutput);
    }

    /// <param name="inputs">Each row by row.</param>
    /// <returns>The output row by row; null where ONNX Runtime is not offered for this machine.</returns>
    public static float[]? Numbers(byte[] file, IReadOnlyDictionary<string, float[]> inputs, int rows, string output)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        if (OnnxRuntimeLibrary.Version is null) return null;
        using var session = new InferenceSession(file, Environment.ProcessorCount);
        return session.Run([.. inputs.Select(input => new OrtInput(input.Key, input.Value, rows))], output);
    }
}
