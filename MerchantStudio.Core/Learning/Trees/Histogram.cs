namespace MerchantStudio.Core.Learning.Trees;

/// <summary>Sums of one bin.</summary>
internal struct BinSums
{
    public double Gradient;
    public double Hessian;
    public int Rows;

    public static BinSums operator +(BinSums a, BinSums b) => new() { Gradient = a.Gradient + b.Gradient, Hessian = a.Hessian + b.Hessian, Rows = a.Rows + b.Rows };

    public static BinSums operator -(BinSums a, BinSums b) => new() { Gradient = a.Gradient - b.Gradient, Hessian = a.Hessian - b.Hessian, Rows = a.Rows - b.Rows };
}

/// <summary>Sums by column and bin of a leaf's rows. Each column is added up by one worker in row order, so the bits do not depend on the number of threads.</summary>
internal sealed class Histogram(int columns)
{
    public const int Width = ColumnBins.Missing + 1;
    private readonly BinSums[] _sums = new BinSums[columns * Width];

    public Span<BinSums> Column(int column) => _sums.AsSpan(column * Width, Width);

    public void Fill(int column, byte[] bins, ReadOnlySpan<int> rows, float[] gradients, float[] hessians)
    {
        var sums = Column(column);
        sums.Clear();
        foreach (var row in rows)
        {
            ref var sum = ref sums[bins[row]];
            sum.Gradient += gradients[row];
            sum.Hessian += hessians[row];
            sum.Rows++;
        }
    }

    /// <summary>What is left of <paramref name="parent"/> without <paramref name="sibling"/>.</summary>
    public void FillFromDifference(int column, Histogram parent, Histogram sibling)
    {
        var sums = Column(column);
        var all = parent.Column(column);
        var other = sibling.Column(column);
        for (var bin = 0; bin < Width; bin++) sums[bin] = all[bin] - other[bin];
    }
}
