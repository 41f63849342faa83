using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using MerchantStudio.Core.Learning.Evaluation;
using MerchantStudio.Core.Learning.Kernels;
using MerchantStudio.Core.Learning.Layers;
using MerchantStudio.Core.Learning.Onnx;

namespace MerchantStudio.Core.Learning.Networks.Sequences;

/// <summary>How likely a session that is under way, or any sequence, ends with yes.</summary>
public sealed unsafe class SessionOutcomeModel
{
    private const string FileTag = "session outcome 3";
    private const string TagWithoutMean = "session outcome 2";

    private readonly ConcurrentBag<Pass> _passes = [];
    private readonly ConcurrentBag<Pass> _explaining = [];   // with gradients
    private readonly SessionOutcomeNetwork _network;
    private readonly float[] _meanStep;

    /// <param name="meanStep">What a step is compared with when it is explained, as <see cref="MeanStep"/> gives it.</param>
    internal SessionOutcomeModel(SessionOutcomeNetwork network, float[] meanStep) => (_network, _meanStep) = (network, meanStep);

    /// <summary>"sasrec", "gru", "lstm" or "cnn".</summary>
    public string Family => _network.Reader.Options.Family;

    /// <summary>The highest id that it knows.</summary>
    public int Ids => _network.Reader.Ids;

    /// <param name="steps">Ids in order of time; those that the model does not know are passed over.</param>
    /// <returns>Probability of yes, 0 to 1.</returns>
    public float Score(ReadOnlySpan<int> steps) => Score(steps, KernelSet.Best);

    /// <param name="kernels">Another set than the one that it was trained with rounds otherwise, by less than 1e-5 of a chance.</param>
    internal float Score(ReadOnlySpan<int> steps, KernelSet kernels)
    {
        if (!_passes.TryTake(out var pass) || pass.Kernels != kernels) pass = new Pass(_network.Reader.Parameters, kernels, new Gradients(new Parameters()));
        pass.Begin(training: false, 0);
        var logOdds = _network.Forward(pass, [SequenceModels.Known(steps, Ids)], out _, out _).Span[0];
        pass.Forget();
        _passes.Add(pass);
        return (float)BinaryModels.Sigmoid(logOdds);
    }

    /// <summary>The mean of steps as the layers after the embedding see them; zeros of none.</summary>
    internal static float[] MeanStep(SessionOutcomeNetwork network, ReadOnlySpan<int> steps)
    {
        var parameters = network.Reader.Parameters;
        var rows = network.Reader.ItemRows(parameters.Values + network.Reader.Items.Table.Offset);
        var (sums, count) = (new double[rows.Columns], Math.Max(1, steps.Length));
        foreach (var id in steps)
        {
            for (var column = 0; column < sums.Length; column++) sums[column] += *rows.At(id - 1, column);
        }

        return Array.ConvertAll(sums, sum => (float)(sum / count));
    }

    /// <summary>How much each step moved the log-odds: integrated gradients over the embedded steps, from as many average training steps to these.</summary>
    /// <param name="steps">Ids in order of time.</param>
    /// <returns>
    /// One value a step, 0 for those that the model does not know or that lie too far back for it, then the bias, which is the log-odds of as many average steps. Together they are the log-odds,
    /// within 0.001 unless 1,024 points along the way are not enough for that. The same steps always give the same bits.
    /// </returns>
    public double[] Explain(ReadOnlySpan<int> steps)
    {
        if (!_explaining.TryTake(out var pass)) pass = new Pass(_network.Reader.Parameters, KernelSet.Best);
        pass.Begin(training: false, 0);
        var known = SequenceModels.Known(steps, Ids);
        var embedded = _network.Embed(pass, known);
        var baseline = new float[embedded.Length];   // of no steps at all there is nothing to compare
        for (var i = 0; i < baseline.Length && known.Length > 0; i++) baseline[i] = _meanStep[i % _meanStep.Length];
        var (moved, bias) = new IntegratedGradients(pass, embedded.Time, points => _network.Slopes(pass, points)).Between(baseline, embedded.Span);
        _explaining.Add(pass);
        var contributions = new double[steps.Length + 1];
        contributions[^1] = bias;
        var read = embedded.Time;
        for (var step = steps.Length - 1; step >= 0 && read > 0; step--)
        {
            if (steps[step] < 1 || steps[step] > Ids) continue;
            read--;
            foreach (var one in moved.AsSpan(read * embedded.Columns, embedded.Columns)) contributions[step] += one;
        }

        return contributions;
    }

    /// <summary>The model as an ONNX file that takes and gives what <see cref="OutcomeOnnx"/> says.</summary>
    /// <param name="kinds">Names of ids 1, 2, 3...</param>
    /// <param name="calibrator">Applied to the model's probability; null for none.</param>
    /// <param name="eightBit">Whether weights are written as 8-bit numbers.</param>
    public byte[] ToOnnx(ImmutableArray<string> kinds, Calibrator? calibrator, bool eightBit = false) => OutcomeOnnx.Write(Family, kinds, calibrator, eightBit, (graph, steps) =>
    {
        var layers = new LayerGraph(graph, _network.Reader.Parameters, _network.Reader.Options.Length);
        return graph.Cast(_network.Outcome.ToOnnx(layers, SequenceOnnx.Read(layers, _network.Reader, steps).State), OnnxType.Double);
    });

    /// <summary>The same network with its weights rounded to 8-bit numbers, as its 8-bit file computes.</summary>
    public SessionOutcomeModel Rounded()
    {
        var rounded = new SessionOutcomeNetwork(_network.Reader.Options, Ids);
        EightBit.CopyRounded(_network.Reader.Parameters, rounded.Reader.Parameters);
        return new SessionOutcomeModel(rounded, _meanStep);
    }

    /// <summary>Writes the model so that <see cref="Load"/> reads it back; the same model always gives the same bytes.</summary>
    public void Save(Stream stream) => ModelFile.Write(stream, FileTag, writer =>
    {
        var o = _network.Reader.Options;
        writer.Write((int)o.Reader);
        foreach (var size in (int[])[o.Columns, o.Blocks, o.Heads, o.Length, Ids]) writer.Write(size);
        writer.Write(MemoryMarshal.AsBytes(_network.Reader.Parameters.Span));
        writer.Write(MemoryMarshal.AsBytes(_meanStep.AsSpan()));
    });

    /// <exception cref="InvalidDataException">The stream does not hold a model that this version knows.</exception>
    public static SessionOutcomeModel Load(Stream stream) => ModelFile.Read(stream, (tag, reader) =>
    {
        if (tag is not (FileTag or TagWithoutMean)) throw new InvalidDataException($"Not a session model but '{tag}'.");
        var options = new SequenceOptions((SequenceReader)reader.ReadInt32(), NextStepLoss.FullSoftmax, reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32());
        var network = new SessionOutcomeNetwork(options, reader.ReadInt32());
        network.Reader.Parameters.Begin(0);
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(network.Reader.Parameters.Span));
        if (tag == TagWithoutMean) return new SessionOutcomeModel(network, MeanStep(network, [.. Enumerable.Range(1, network.Reader.Ids)]));   // as if all were as frequent
        var meanStep = new float[options.Columns];
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(meanStep.AsSpan()));
        return new SessionOutcomeModel(network, meanStep);
    });
}
