namespace MerchantStudio.Core.Learning.Trees;

/// <summary>A table's bins, one byte each, row after row: a row of a few dozen columns is one or two cache lines, also when only some rows are visited.</summary>
internal sealed unsafe class BinnedRows
{
    /// <summary>Columns whose bins are read as one machine word.</summary>
    public const int Group = 8;
    private const int BlockRows = 4096;

    private readonly PinnedArray<byte> _bins;

    public BinnedRows(FeatureMatrix x, ColumnBins[] bins, int threads)
    {
        Rows = x.Rows;
        Stride = (bins.Length + Group - 1) / Group * Group;
        _bins = new PinnedArray<byte>(checked(Rows * Stride));
        Work.ForEach((Rows + BlockRows - 1) / BlockRows, (long)Rows * Stride, threads, block =>
        {
            var from = block * BlockRows;
            var rows = Math.Min(BlockRows, Rows - from);
            for (var column = 0; column < bins.Length; column++) bins[column].Encode(x.Column(column).Slice(from, rows), _bins.Span[((from * Stride) + column)..], Stride);
        });
    }

    public int Rows { get; }

    /// <summary>Bytes from one row to the next: the columns, filled up to whole words.</summary>
    public int Stride { get; }

    public byte this[int row, int column] => Row(row)[column];

    /// <summary>Bins of the row; they lie still for as long as this object lives.</summary>
    public byte* Row(int row) => _bins.Pointer + ((nint)row * Stride);
}
