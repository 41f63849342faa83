namespace MerchantStudio.Core.Learning.Planning;

/// <summary>What learning from fewer rows than there are gave up, told from learning from a quarter of those once more.</summary>
/// <param name="Rows">Learnt from.</param>
/// <param name="AllRows">That there are.</param>
/// <param name="Quarter">What the family reaches on the validation rows from a quarter of <paramref name="Rows"/>; higher is better.</param>
/// <param name="Whole">What it reaches there from all of them.</param>
public sealed record RowsGivenUp(int Rows, int AllRows, double Quarter, double Whole)
{
    /// <summary>Rows that the comparison is made with, as a share of those learnt from.</summary>
    public const double Share = 0.25;

    /// <summary>
    /// What all rows might add. Each doubling of the rows mostly brings less than the one before (learning curves fall off as a power of the rows; Hestness et al. 2017, "Deep
    /// Learning Scaling is Predictable, Empirically"), so carrying the last two doublings on is an estimate from above; 0 where they brought nothing.
    /// </summary>
    public double MightAdd => Math.Max(0, Whole - Quarter) / 2 * Math.Log2((double)AllRows / Rows);
}
