using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Learning.Trees;

/// <summary>Finds what stands in the way of learning from a table.</summary>
internal static class TreesTableCheck
{
    private const int MostClasses = 1000;
    private const int HighestGrade = 30;

    public static Problem? Training(TreesTable table, TreesObjective objective)
    {
        if (TableCheck.TooFew(table.X) is { } few) return few;
        return TooLarge(table) ?? Validation(table, objective, table) ?? OneLabel(table, objective) ?? TableCheck.NothingVaries(table.X);
    }

    public static Problem? TooLarge(TreesTable table) => Bytes(table.X) <= Array.MaxLength ? null : new Problem(
        "trees.too-large", "{0} rows of {1} columns are more than can be held at once. Take a sample of the rows or fewer columns.", table.X.Rows, table.X.Columns.Length);

    /// <param name="training">What the labels must fit: no class may be new.</param>
    public static Problem? Validation(TreesTable table, TreesObjective objective, TreesTable training)
    {
        if (table.Y.Length != table.X.Rows || (table.Weights is { } weights && weights.Length != table.X.Rows)) throw new ArgumentException("Each row needs one label and, where there are weights, one weight.", nameof(table));
        var classes = objective == TreesObjective.Softmax && !ReferenceEquals(table, training) ? (int)training.Y.Max() + 1 : MostClasses;
        return BadLabel(table.Y, objective, classes) ?? BadWeight(table.Weights) ?? BadQueries(table, objective) ?? TableCheck.Infinite(table.X);
    }

    private static Problem? BadLabel(float[] y, TreesObjective objective, int classes)
    {
        for (var row = 0; row < y.Length; row++)
        {
            var label = y[row];
            var good = objective switch
            {
                TreesObjective.Binary => label is 0 or 1,
                TreesObjective.Squared => float.IsFinite(label),
                TreesObjective.Poisson => label >= 0 && float.IsFinite(label),
                TreesObjective.Softmax => label >= 0 && label < classes && label == MathF.Floor(label),
                _ => label is >= 0 and <= HighestGrade && label == MathF.Floor(label),
            };
            if (good) continue;
            return objective switch
            {
                TreesObjective.Binary => TableCheck.NotBinary(row, label),
                TreesObjective.Squared => new Problem("trees.label-not-finite", "Row {0} has the label {1}; it must be a number.", row + 1, label),
                TreesObjective.Poisson => new Problem("trees.label-not-count", "Row {0} has the label {1}; a count must be 0 or more.", row + 1, label),
                TreesObjective.Softmax => new Problem("trees.label-not-class", "Row {0} has the label {1}; classes are whole numbers from 0 to {2}.", row + 1, label, classes - 1),
                _ => new Problem("trees.label-not-grade", "Row {0} has the label {1}; grades are whole numbers from 0 to {2}.", row + 1, label, HighestGrade),
            };
        }

        return null;
    }

    private static Problem? BadWeight(float[]? weights)
    {
        var row = weights is null ? -1 : Array.FindIndex(weights, weight => !(weight > 0 && float.IsFinite(weight)));
        return row < 0 ? null : new Problem("trees.bad-weight", "Row {0} has the weight {1}; weights must be numbers above 0.", row + 1, weights![row]);
    }

    private static Problem? BadQueries(TreesTable table, TreesObjective objective)
    {
        if (objective != TreesObjective.Ranking) return null;
        var sizes = table.QuerySizes ?? [];
        var rows = sizes.Sum(size => (long)Math.Max(0, size));
        if (rows == table.X.Rows && Array.TrueForAll(sizes, size => size > 0)) return null;
        return new Problem("trees.bad-queries", "The queries' sizes sum up to {0} rows, the table has {1}. Each query needs one row or more and each row one query.", rows, table.X.Rows);
    }

    private static Problem? OneLabel(TreesTable table, TreesObjective objective)
    {
        if (table.Y.AsSpan().IndexOfAnyExcept(table.Y[0]) >= 0) return null;
        return objective is TreesObjective.Binary or TreesObjective.Softmax
            ? TableCheck.OneClass(table.Y[0])
            : new Problem("trees.constant-label", "Every row has the label {0}, so there is nothing to learn.", table.Y[0]);
    }

    private static long Bytes(FeatureMatrix x) => (long)x.Rows * (x.Columns.Length + BinnedRows.Group);
}
