using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using MerchantStudio.Core.Learning.Kernels;
using MerchantStudio.Core.Learning.Layers;
using MerchantStudio.Core.Learning.Onnx;

namespace MerchantStudio.Core.Learning.Networks.Sequences;

internal sealed class SequenceModel(SequenceNetwork network) : ISequenceModel, IOnnxSequenceModel
{
    public const string FileTag = "network";

    private readonly ConcurrentBag<Pass> _passes = [];

    public string Family => network.Options.Family;

    public int Ids => network.Ids;

    public float[] Score(ReadOnlySpan<int> history)
    {
        var known = SequenceModels.Known(history, Ids);
        if (known.Length == 0) return new float[Ids];
        if (!_passes.TryTake(out var pass)) pass = NewPass();
        var scores = network.Compare(pass, NextStepRanking.States(network, pass, [known])).Span.ToArray();
        _passes.Add(pass);
        return scores;
    }

    /// <summary>Ranks of the last steps of sequences, for evaluation.</summary>
    public int[] Ranks(ShopperSequences sequences)
    {
        const int Share = 256;
        var ranks = new int[sequences.Count];
        Parallel.For(0, (sequences.Count + Share - 1) / Share, new ParallelOptions { MaxDegreeOfParallelism = 2 }, NewPass, (share, _, pass) =>
        {
            NextStepRanking.Ranks(network, pass, sequences, share * Share, Math.Min(Share, sequences.Count - (share * Share))).CopyTo(ranks, share * Share);
            return pass;
        }, _ => { });
        return ranks;
    }

    string IOnnxSequenceModel.Scores(OnnxGraph graph, string steps)
    {
        var layers = new LayerGraph(graph, network.Parameters, network.Options.Length);
        var (state, count) = SequenceOnnx.Read(layers, network, steps);
        var items = graph.Add("Slice", layers.Table(network.Items.Table), graph.Indices(1), graph.Indices(network.Ids + 1), graph.Indices(0));
        var scores = graph.Add("MatMul", state, graph.Add("Transpose", items));
        return graph.Add("Mul", scores, graph.Cast(graph.Add("Greater", count, graph.Index(0)), OnnxType.Float));   // who has done nothing gets no order
    }

    /// <summary>The same network with its weights rounded to 8-bit numbers, as its 8-bit file computes.</summary>
    public SequenceModel Rounded()
    {
        var rounded = new SequenceNetwork(network.Options, Ids);
        EightBit.CopyRounded(network.Parameters, rounded.Parameters);
        return new SequenceModel(rounded);
    }

    public void Save(Stream stream) => ModelFile.Write(stream, FileTag, writer =>
    {
        var o = network.Options;
        writer.Write((int)o.Reader);
        writer.Write((int)o.Loss);
        foreach (var size in (int[])[o.Columns, o.Blocks, o.Heads, o.Length, network.Ids]) writer.Write(size);
        writer.Write(MemoryMarshal.AsBytes(network.Parameters.Span));
    });

    public static SequenceModel Read(BinaryReader reader)
    {
        var options = new SequenceOptions((SequenceReader)reader.ReadInt32(), (NextStepLoss)reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32());
        var network = new SequenceNetwork(options, reader.ReadInt32());
        network.Parameters.Begin(0);
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(network.Parameters.Span));
        return new SequenceModel(network);
    }

    private Pass NewPass() => new(network.Parameters, KernelSet.Best, new Gradients(new Parameters()));
}
