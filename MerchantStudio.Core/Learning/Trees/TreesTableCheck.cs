using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Learning.Trees;

/// <summary>Finds what stands in the way of learning from a table.</summary>
internal static class TreesTableCheck
{
    private const int MostClasses = 1000;
    private const int HighestGrade = 30;

    public static Problem? Training(TreesTable table, TreesObjective objective)
    {
        if (table.X.Rows < 2) return new Problem("trees.too-few-rows", "Trees need two rows or more to learn from; this table has {0}.", table.X.Rows);
        if (Bytes(table.X) > Array.MaxLength) return new Problem("trees.too-large", "{0} rows of {1} columns are more than can be held at once. Take a sample of the rows or fewer columns.", table.X.Rows, table.X.Columns.Length);
        return Validation(table, objective, table) ?? OneLabel(table, objective) ?? NothingVaries(table.X);
    }

    /// <param name="training">What the labels must fit: no class may be new.</param>
    public static Problem? Validation(TreesTable table, TreesObjective objective, TreesTable training)
    {
        if (table.Y.Length != table.X.Rows || (table.Weights is { } weights && weights.Length != table.X.Rows)) throw new ArgumentException("Each row needs one label and, where there are weights, one weight.", nameof(table));
        var classes = objective == TreesObjective.Softmax && !ReferenceEquals(table, training) ? (int)training.Y.Max() + 1 : MostClasses;
        return BadLabel(table.Y, objective, classes) ?? BadWeight(table.Weights) ?? BadQueries(table, objective) ?? Infinite(table.X);
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
                TreesObjective.Binary => new Problem("trees.label-not-binary", "Row {0} has the label {1}; it must be 1 for yes or 0 for no.", row + 1, label),
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

    private static Problem? Infinite(FeatureMatrix x)
    {
        for (var column = 0; column < x.Columns.Length; column++)
        {
            var values = x.Column(column);
            for (var row = 0; row < values.Length; row++)
            {
                if (float.IsInfinity(values[row])) return new Problem("trees.infinite", "Row {0} of column '{1}' is infinite. Leave the cell blank or give it a number.", row + 1, x.Columns[column].Name);
            }
        }

        return null;
    }

    private static Problem? OneLabel(TreesTable table, TreesObjective objective)
    {
        if (table.Y.AsSpan().IndexOfAnyExcept(table.Y[0]) >= 0) return null;
        return objective is TreesObjective.Binary or TreesObjective.Softmax
            ? new Problem("trees.one-class", "Every row is of the class {0}. Learning needs rows of two classes or more.", table.Y[0])
            : new Problem("trees.constant-label", "Every row has the label {0}, so there is nothing to learn.", table.Y[0]);
    }

    /// <summary>A column without two different values is left unused; with no other column there is nothing to learn from.</summary>
    private static Problem? NothingVaries(FeatureMatrix x)
    {
        for (var column = 0; column < x.Columns.Length; column++)
        {
            var values = x.Column(column);
            var first = values[0];
            foreach (var value in values)
            {
                if (value != first && !(float.IsNaN(value) && float.IsNaN(first))) return null;
            }
        }

        return new Problem("trees.nothing-varies", "No column has two different values, so there is nothing to learn from.");
    }

    private static long Bytes(FeatureMatrix x) => (long)x.Rows * (x.Columns.Length + BinnedRows.Group);
}
