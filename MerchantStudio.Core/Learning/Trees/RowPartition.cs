namespace MerchantStudio.Core.Learning.Trees;

/// <summary>The rows of every leaf, one leaf after the other and ascending within it, so that a leaf is a stretch of one array.</summary>
internal sealed unsafe class RowPartition(int[] rows, int threads)
{
    private const int BlockRows = 16_384;

    private readonly int[] _spare = new int[rows.Length];

    public int Length => rows.Length;

    public ReadOnlySpan<int> Rows(int start, int count) => rows.AsSpan(start, count);

    /// <summary>Puts the rows that go left before those that go right, each side still ascending.</summary>
    /// <param name="goesLeft">For each bin of the column 1 or 0.</param>
    public void Split(int start, int count, BinnedRows bins, int column, byte[] goesLeft)
    {
        var blocks = (count + BlockRows - 1) / BlockRows;
        var lefts = new int[blocks + 1];
        Work.ForEach(blocks, count, threads, block =>
        {
            var (from, length) = Block(block, count);
            lefts[block + 1] = Part(rows.AsSpan(start + from, length), _spare.AsSpan(start + from, length), bins.Column(column), goesLeft);
        });
        for (var block = 0; block < blocks; block++) lefts[block + 1] += lefts[block];
        var allLeft = lefts[blocks];
        Work.ForEach(blocks, count, threads, block =>
        {
            var (from, length) = Block(block, count);
            var left = lefts[block + 1] - lefts[block];
            var parted = _spare.AsSpan(start + from, length);
            parted[..left].CopyTo(rows.AsSpan(start + lefts[block]));
            parted[left..].CopyTo(rows.AsSpan(start + allLeft + from - lefts[block]));
        });
    }

    private static (int From, int Length) Block(int block, int count) => (block * BlockRows, Math.Min(BlockRows, count - (block * BlockRows)));

    /// <summary>Writes each row to both sides and moves only the side on which it stays: no branch to guess wrong. The right side is turned round at the end.</summary>
    private static int Part(ReadOnlySpan<int> from, Span<int> to, byte* bins, byte[] goesLeft)
    {
        var left = 0;
        var right = to.Length - 1;
        fixed (int* into = to)
        fixed (byte* route = goesLeft)
        {
            foreach (var row in from)
            {
                int goes = route[bins[row]];
                into[right] = row;
                into[left] = row;
                left += goes;
                right -= 1 - goes;
            }
        }

        to[left..].Reverse();
        return left;
    }
}
