namespace MerchantStudio.Core.Learning.Linear;

/// <summary>A matrix that is mostly zeros, kept by rows and, for gradients, by columns.</summary>
public sealed class SparseRows
{
    private readonly int[] _starts;
    private readonly int[] _columns;
    private readonly float[] _values;

    /// <param name="starts">Where each row's entries begin; one more than rows.</param>
    public SparseRows(int columns, int[] starts, int[] columnOf, float[] values)
    {
        Columns = columns;
        _starts = starts;
        _columns = columnOf;
        _values = values;
    }

    public int Rows => _starts.Length - 1;

    public int Columns { get; }

    public int Entries => _values.Length;

    public ReadOnlySpan<int> ColumnsOf(int row) => _columns.AsSpan(_starts[row], _starts[row + 1] - _starts[row]);

    public ReadOnlySpan<float> ValuesOf(int row) => _values.AsSpan(_starts[row], _starts[row + 1] - _starts[row]);

    public SparseRows Pick(ReadOnlySpan<int> rows)
    {
        var starts = new int[rows.Length + 1];
        for (var i = 0; i < rows.Length; i++) starts[i + 1] = starts[i] + _starts[rows[i] + 1] - _starts[rows[i]];
        var columns = new int[starts[^1]];
        var values = new float[starts[^1]];
        for (var i = 0; i < rows.Length; i++)
        {
            ColumnsOf(rows[i]).CopyTo(columns.AsSpan(starts[i]));
            ValuesOf(rows[i]).CopyTo(values.AsSpan(starts[i]));
        }

        return new SparseRows(Columns, starts, columns, values);
    }

    /// <summary>The same entries with rows and columns exchanged; rows of a column ascend.</summary>
    public SparseRows Transpose()
    {
        var starts = new int[Columns + 1];
        foreach (var column in _columns) starts[column + 1]++;
        for (var column = 0; column < Columns; column++) starts[column + 1] += starts[column];
        var next = starts.AsSpan(0, Columns).ToArray();
        var rows = new int[Entries];
        var values = new float[Entries];
        for (var row = 0; row < Rows; row++)
        {
            for (var at = _starts[row]; at < _starts[row + 1]; at++)
            {
                var to = next[_columns[at]]++;
                rows[to] = row;
                values[to] = _values[at];
            }
        }

        return new SparseRows(Rows, starts, rows, values);
    }
}
