using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using MerchantStudio.Core.Learning.Kernels;

namespace MerchantStudio.Core.Learning.Collaborative;

/// <summary>Items' embeddings, and what it takes to embed a shopper, also one who was not there when it was fitted.</summary>
internal sealed unsafe class AlsModel : ISequenceModel
{
    public const string FamilyName = "ials";

    private readonly AlsOptions _options;
    private readonly AlignedNumbers _items;
    private readonly AlignedNumbers _gramian;
    private readonly ConcurrentBag<AlsRow> _rows = [];

    public AlsModel(AlsOptions options, AlignedNumbers items)
    {
        (_options, _items) = (options, items);
        _gramian = Gramian(items, options.Factors);
    }

    public string Family => FamilyName;

    public int Ids => _items.Length / _options.Factors;

    public float[] Score(ReadOnlySpan<int> history)
    {
        var confidences = new SortedDictionary<int, float>();
        var known = SequenceModels.Known(history, Ids);
        for (var step = 0; step < known.Length; step++) confidences[known[step] - 1] = (float)Math.Pow(_options.Decay, known.Length - 1 - step);

        if (!_rows.TryTake(out var row)) row = new AlsRow(_options);
        var scores = new float[Ids];
        fixed (float* x = row.Solve(_gramian, _items, [.. confidences.Keys], [.. confidences.Values]))
        {
            for (var item = 0; item < scores.Length; item++) scores[item] = KernelSet.Best.Dot(x, _items.Pointer + ((long)item * _options.Factors), _options.Factors);
        }

        _rows.Add(row);
        return scores;
    }

    public void Save(Stream stream) => ModelFile.Write(stream, FamilyName, writer =>
    {
        writer.Write(_options.Factors);
        foreach (var number in (double[])[_options.Unobserved, _options.Penalty, _options.PenaltyPower, _options.Decay]) writer.Write(number);
        writer.Write(_items.Length);
        writer.Write(MemoryMarshal.AsBytes(_items.Span));
    });

    public static AlsModel Read(BinaryReader reader)
    {
        var options = new AlsOptions(reader.ReadInt32(), reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble());
        var items = new AlignedNumbers(reader.ReadInt32());
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(items.Span));
        return new AlsModel(options, items);
    }

    /// <summary>YᵀY of embeddings that lie one after the other.</summary>
    public static AlignedNumbers Gramian(AlignedNumbers embeddings, int factors)
    {
        var gramian = new AlignedNumbers(factors * factors);
        var scratch = new AlignedNumbers(KernelSet.ScratchLength);
        var y = new Matrix(embeddings.Pointer, embeddings.Length / factors, factors);
        KernelSet.Best.Multiply(y.Turned, y, new Matrix(gramian.Pointer, factors, factors), add: false, scratch.Pointer);
        return gramian;
    }
}
