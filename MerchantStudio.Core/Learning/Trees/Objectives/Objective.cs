namespace MerchantStudio.Core.Learning.Trees.Objectives;

/// <summary>
/// A loss with its first and second derivatives by raw score. Scores and derivatives are kept output by output: output k of a row is at k × rows + row.
/// </summary>
internal abstract class Objective
{
    private const int PieceRows = 16_384;

    /// <summary>Raw scores of a row: 1, or the number of classes.</summary>
    public virtual int Outputs => 1;

    /// <summary>The best raw score, one an output, when nothing is known of a row.</summary>
    public abstract double[] Start(TreesTable table);

    /// <summary>Stretches of rows that can be worked on apart; they do not depend on the number of threads.</summary>
    public virtual IReadOnlyList<(int From, int To)> Pieces(TreesTable table)
    {
        var rows = table.Y.Length;
        return [.. Enumerable.Range(0, (rows + PieceRows - 1) / PieceRows).Select(i => (i * PieceRows, Math.Min(rows, (i + 1) * PieceRows)))];
    }

    /// <summary>Writes the derivatives of the unweighted loss for one piece's rows.</summary>
    public abstract void Derive(TreesTable table, int from, int to, double[] scores, float[] gradients, float[] hessians);

    /// <summary>Loss over one piece's rows, weighted, and the weight of what was summed.</summary>
    public abstract (double Sum, double Weight) Loss(TreesTable table, int from, int to, double[] scores);

    /// <summary>Turns one row's raw scores into its answers.</summary>
    public abstract void Answer(Span<double> scores);

    public static Objective Of(TreesObjective kind, TreesTable table) => kind switch
    {
        TreesObjective.Binary => new LogisticLoss(),
        TreesObjective.Squared => new SquaredLoss(),
        TreesObjective.Poisson => new PoissonLoss(),
        TreesObjective.Softmax => new SoftmaxLoss((int)table.Y.Max() + 1),
        TreesObjective.Ranking => new LambdaRank(),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    protected static double WeightedMean(TreesTable table)
    {
        double total = 0, weight = 0;
        for (var row = 0; row < table.Y.Length; row++)
        {
            var w = table.Weights?[row] ?? 1;
            total += w * (double)table.Y[row];
            weight += w;
        }

        return total / weight;
    }

    /// <summary>Sums a loss a row, weighted.</summary>
    protected static (double Sum, double Weight) Sum(TreesTable table, int from, int to, Func<int, double> loss)
    {
        double total = 0, weight = 0;
        for (var row = from; row < to; row++)
        {
            var w = table.Weights?[row] ?? 1;
            total += w * loss(row);
            weight += w;
        }

        return (total, weight);
    }
}
