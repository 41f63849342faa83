using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using MerchantStudio.Core.Learning.Evaluation;
using MerchantStudio.Core.Learning.Kernels;
using MerchantStudio.Core.Learning.Layers;
using MerchantStudio.Core.Learning.Onnx;

namespace MerchantStudio.Core.Learning.Networks.Sequences;

/// <summary>How likely a session that is under way, or any sequence, ends with yes.</summary>
public sealed class SessionOutcomeModel
{
    private const string FileTag = "session outcome 2";

    private readonly ConcurrentBag<Pass> _passes = [];
    private readonly SessionOutcomeNetwork _network;

    internal SessionOutcomeModel(SessionOutcomeNetwork network) => _network = network;

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
        return new SessionOutcomeModel(rounded);
    }

    /// <summary>Writes the model so that <see cref="Load"/> reads it back; the same model always gives the same bytes.</summary>
    public void Save(Stream stream) => ModelFile.Write(stream, FileTag, writer =>
    {
        var o = _network.Reader.Options;
        writer.Write((int)o.Reader);
        foreach (var size in (int[])[o.Columns, o.Blocks, o.Heads, o.Length, Ids]) writer.Write(size);
        writer.Write(MemoryMarshal.AsBytes(_network.Reader.Parameters.Span));
    });

    /// <exception cref="InvalidDataException">The stream does not hold a model that this version knows.</exception>
    public static SessionOutcomeModel Load(Stream stream) => ModelFile.Read(stream, (tag, reader) =>
    {
        if (tag != FileTag) throw new InvalidDataException($"Not a session model but '{tag}'.");
        var options = new SequenceOptions((SequenceReader)reader.ReadInt32(), NextStepLoss.FullSoftmax, reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32());
        var network = new SessionOutcomeNetwork(options, reader.ReadInt32());
        network.Reader.Parameters.Begin(0);
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(network.Reader.Parameters.Span));
        return new SessionOutcomeModel(network);
    });
}
