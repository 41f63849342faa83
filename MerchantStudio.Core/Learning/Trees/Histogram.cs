using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MerchantStudio.Core.Learning.Trees;

/// <summary>Where each column's bins lie in a histogram.</summary>
internal sealed class HistogramLayout
{
    public HistogramLayout(ColumnBins[] bins)
    {
        Starts = new int[bins.Length + 1];
        for (var column = 0; column < bins.Length; column++) Starts[column + 1] = Starts[column] + bins[column].Count + 1;
    }

    /// <summary>First bin of each column, then the end. A column's last bin is the missing one.</summary>
    public int[] Starts { get; }

    public int Columns => Starts.Length - 1;

    public int Bins => Starts[^1];
}

/// <summary>Sums of derivatives by column and bin over a leaf's rows.</summary>
/// <remarks>Ke et al., LightGBM, NIPS 2017, algorithm 1.</remarks>
internal sealed unsafe class Histogram(HistogramLayout layout)
{
    /// <summary>Bytes of rows that are brought together before they are added up: they and the sums stay in the second-level cache.</summary>
    private const int BlockBytes = 128 * 1024;
    private const int FetchAhead = 24;

    private readonly PinnedArray<GradientSums> _sums = new(layout.Bins);

    public ReadOnlySpan<GradientSums> Column(int column) => _sums.Span[layout.Starts[column]..layout.Starts[column + 1]];

    /// <summary>The sums over some rows.</summary>
    /// <param name="rows">Row numbers, ascending.</param>
    /// <param name="wanted">For each group of columns whether any of it is looked at; the others' sums mean nothing.</param>
    public void Fill(BinnedRows bins, GradientSums* pairs, ReadOnlySpan<int> rows, bool[] wanted)
    {
        _sums.Span.Clear();
        var size = Math.Max(64, BlockBytes / (bins.Stride + sizeof(GradientSums)));
        var near = ArrayPool<byte>.Shared.Rent(size * (bins.Stride + sizeof(GradientSums)) + 64);
        fixed (byte* start = near)
        {
            var nearPairs = (GradientSums*)(((nint)start + 63) & ~63);
            var nearBins = (byte*)(nearPairs + size);
            for (var from = 0; from < rows.Length; from += size)
            {
                var block = rows.Slice(from, Math.Min(size, rows.Length - from));
                if (block[^1] - block[0] == block.Length - 1)
                {
                    Add(bins.Row(block[0]), bins.Stride, pairs + block[0], block.Length, wanted);
                    continue;
                }

                Gather(bins, pairs, block, nearPairs, nearBins);
                Add(nearBins, bins.Stride, nearPairs, block.Length, wanted);
            }
        }

        ArrayPool<byte>.Shared.Return(near);
    }

    /// <summary>Adds other rows' sums, for some columns.</summary>
    public void Add(Histogram other, int fromColumn, int toColumn)
    {
        for (var at = layout.Starts[fromColumn]; at < layout.Starts[toColumn]; at++) _sums.Pointer[at] += other._sums.Pointer[at];
    }

    /// <summary>Leaves what the parent has beyond one child: the other child.</summary>
    public void Subtract(Histogram child, int fromColumn, int toColumn)
    {
        for (var at = layout.Starts[fromColumn]; at < layout.Starts[toColumn]; at++) _sums.Pointer[at] -= child._sums.Pointer[at];
    }

    private static void Gather(BinnedRows bins, GradientSums* pairs, ReadOnlySpan<int> rows, GradientSums* nearPairs, byte* nearBins)
    {
        var words = bins.Stride / BinnedRows.Group;
        var to = (ulong*)nearBins;
        for (var i = 0; i < rows.Length; i++)
        {
            if (Sse.IsSupported && i + FetchAhead < rows.Length)
            {
                var ahead = bins.Row(rows[i + FetchAhead]);
                Sse.Prefetch0(ahead);
                Sse.Prefetch0(ahead + 63);
                Sse.Prefetch0(pairs + rows[i + FetchAhead]);
            }

            nearPairs[i] = pairs[rows[i]];
            var from = (ulong*)bins.Row(rows[i]);
            for (var word = 0; word < words; word++) *to++ = from[word];
        }
    }

    private void Add(byte* bins, int stride, GradientSums* pairs, int rows, bool[] wanted)
    {
        var sums = _sums.Pointer;
        for (var group = 0; group < wanted.Length; group++)
        {
            if (!wanted[group]) continue;
            var first = group * BinnedRows.Group;
            if (first + BinnedRows.Group <= layout.Columns) AddGroup(bins + first, stride, pairs, rows, sums, layout.Starts.AsSpan(first));
            else AddRest(bins + first, stride, pairs, rows, sums, layout.Starts.AsSpan(first, layout.Columns - first));
        }
    }

    /// <summary>Eight columns of each row: one word of bins, eight sums of two whole numbers each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddGroup(byte* bins, nint stride, GradientSums* pairs, int rows, GradientSums* sums, ReadOnlySpan<int> starts)
    {
        var s0 = sums + starts[0];
        var s1 = sums + starts[1];
        var s2 = sums + starts[2];
        var s3 = sums + starts[3];
        var s4 = sums + starts[4];
        var s5 = sums + starts[5];
        var s6 = sums + starts[6];
        var s7 = sums + starts[7];
        for (var end = pairs + rows; pairs < end; pairs++, bins += stride)
        {
            var pair = Vector128.Load((long*)pairs);
            var low = *(uint*)bins;
            var high = *(uint*)(bins + 4);
            Add(s0 + (byte)low, pair);
            Add(s1 + (byte)(low >> 8), pair);
            Add(s2 + (byte)(low >> 16), pair);
            Add(s3 + (low >> 24), pair);
            Add(s4 + (byte)high, pair);
            Add(s5 + (byte)(high >> 8), pair);
            Add(s6 + (byte)(high >> 16), pair);
            Add(s7 + (high >> 24), pair);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddRest(byte* bins, nint stride, GradientSums* pairs, int rows, GradientSums* sums, ReadOnlySpan<int> starts)
    {
        for (var end = pairs + rows; pairs < end; pairs++, bins += stride)
        {
            var pair = Vector128.Load((long*)pairs);
            for (var column = 0; column < starts.Length; column++) Add(sums + starts[column] + bins[column], pair);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(GradientSums* sum, Vector128<long> pair) => (Vector128.Load((long*)sum) + pair).Store((long*)sum);
}
