namespace MerchantStudio.Core.Learning.Kernels;

/// <summary>A view of numbers that lie in memory row by row, or turned. The memory is the caller's and must outlive the view.</summary>
/// <param name="Data">Element (0, 0).</param>
/// <param name="RowStep">Numbers from one row to the next.</param>
/// <param name="ColumnStep">Numbers from one column to the next; 1 unless turned.</param>
internal readonly unsafe record struct Matrix(nint Data, int Rows, int Columns, int RowStep, int ColumnStep = 1)
{
    public Matrix(float* data, int rows, int columns)
        : this((nint)data, rows, columns, columns)
    {
    }

    public float* Pointer => (float*)Data;

    /// <summary>Rows as columns, without moving anything.</summary>
    public Matrix Turned => new(Data, Columns, Rows, ColumnStep, RowStep);

    public float* At(int row, int column) => Pointer + ((long)row * RowStep) + ((long)column * ColumnStep);
}
