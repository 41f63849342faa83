namespace MerchantStudio.Core.Learning.Trees;

/// <summary>
/// A table's bins, one byte each. Row after row for adding up: a row of a few dozen columns is one or two cache lines, also when only some rows are visited. And column
/// after column for parting a leaf's rows, which reads one column and would else fetch a line for each row.
/// </summary>
internal sealed unsafe class BinnedRows
{
    /// <summary>Columns whose bins are read as one machine word.</summary>
    public const int Group = 8;
    private const int BlockRows = 4096;

    private readonly PinnedArray<byte> _byRow;
    private readonly PinnedArray<byte> _byColumn;

    public BinnedRows(FeatureMatrix x, ColumnBins[] bins, int threads)
    {
        Rows = x.Rows;
        Stride = (bins.Length + Group - 1) / Group * Group;
        _byRow = new PinnedArray<byte>(checked(Rows * Stride));
        _byColumn = new PinnedArray<byte>(Rows * bins.Length);
        Work.ForEach((Rows + BlockRows - 1) / BlockRows, (long)Rows * Stride, threads, block =>
        {
            var from = block * BlockRows;
            var rows = Math.Min(BlockRows, Rows - from);
            for (var column = 0; column < bins.Length; column++)
            {
                bins[column].Encode(x.Column(column).Slice(from, rows), new Span<byte>(Column(column) + from, rows));
                Turn(Column(column) + from, Row(from) + column, rows);
            }
        });
    }

    public int Rows { get; }

    /// <summary>Bytes from one row to the next: the columns, filled up to whole words.</summary>
    public int Stride { get; }

    public byte this[int row, int column] => Row(row)[column];

    /// <summary>Bins of the row; they lie still for as long as this object lives.</summary>
    public byte* Row(int row) => _byRow.Pointer + ((nint)row * Stride);

    /// <summary>Bins of the column, likewise.</summary>
    public byte* Column(int column) => _byColumn.Pointer + ((nint)column * Rows);

    private void Turn(byte* column, byte* rows, int count)
    {
        for (var row = 0; row < count; row++, rows += Stride) *rows = column[row];
    }
}
