using MerchantStudio.Core.Learning.Evaluation;
using MerchantStudio.Core.Learning.Trees;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Learning;

/// <summary>Finds what stands in the way of learning from a table, and what makes its answer doubtful.</summary>
internal static class TableCheck
{
    private const int MostCategories = 10_000;
    private const int LeakRows = 5_000;
    private const int LeastOfAClass = 10;
    private const double LeakAuroc = 0.995;
    private const double LeakShare = 0.98;

    /// <returns>What stands in the way of a yes-or-no question; null when nothing does.</returns>
    public static Problem? Binary(FeatureMatrix x, ReadOnlySpan<float> y, FeatureMatrix validationX, ReadOnlySpan<float> validationY)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(validationX);
        if (x.Rows != y.Length || validationX.Rows != validationY.Length) throw new ArgumentException("Each row needs one label.", nameof(y));
        BinaryModels.CheckColumns(x.Columns, validationX);
        if (TooFew(x) is { } few) return few;
        if ((NotBinary(y) ?? NotBinary(validationY)) is { } label) return label;
        if (y.IndexOfAnyExcept(y[0]) < 0) return OneClass(y[0]);
        return TooManyCategories(x) ?? Infinite(x) ?? Infinite(validationX) ?? NothingVaries(x);
    }

    /// <summary>A warning for each column that alone tells the classes apart almost without fault: it may hold what happened after the answer was known.</summary>
    public static IEnumerable<Problem> Leaks(FeatureMatrix x, ReadOnlySpan<float> y)
    {
        var rows = new SeededRandom(1).Sample(x.Rows, Math.Min(x.Rows, LeakRows));
        var labels = new float[rows.Length];
        for (var i = 0; i < rows.Length; i++) labels[i] = y[rows[i]];
        var yes = labels.Count(label => label > 0.5f);
        return Math.Min(yes, labels.Length - yes) < LeastOfAClass ? [] : Leaking(x, rows, labels);
    }

    /// <summary>A warning for each column that alone tells the label almost without fault.</summary>
    public static IEnumerable<Problem> Leaks(TreesTable table, TreesObjective target)
    {
        var rows = new SeededRandom(1).Sample(table.X.Rows, Math.Min(table.X.Rows, LeakRows));
        for (var column = 0; column < table.X.Columns.Length; column++)
        {
            if (Told(table, target, column, rows) >= LeakShare)
                yield return new Problem("learning.leak-label", "Column '{0}' alone tells the label almost without fault. If it is known only after the answer, leave it out: the model would be worth nothing.", table.X.Columns[column].Name);
        }
    }

    public static Problem? TooFew(FeatureMatrix x) =>
        x.Rows < 2 ? new Problem("learning.too-few-rows", "Learning needs two rows or more; this table has {0}.", x.Rows) : null;

    public static Problem NotBinary(int row, float label) => new("learning.label-not-binary", "Row {0} has the label {1}; it must be 1 for yes or 0 for no.", row + 1, label);

    public static Problem OneClass(float label) => new("learning.one-class", "Every row is of the class {0}. Learning needs rows of two classes or more.", label);

    public static Problem? Infinite(FeatureMatrix x)
    {
        for (var column = 0; column < x.Columns.Length; column++)
        {
            var values = x.Column(column);
            for (var row = 0; row < values.Length; row++)
            {
                if (float.IsInfinity(values[row])) return new Problem("learning.infinite", "Row {0} of column '{1}' is infinite. Leave the cell blank or give it a number.", row + 1, x.Columns[column].Name);
            }
        }

        return null;
    }

    /// <summary>A column without two different values is left unused; with no other column there is nothing to learn from.</summary>
    public static Problem? NothingVaries(FeatureMatrix x)
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

        return new Problem("learning.nothing-varies", "No column has two different values, so there is nothing to learn from.");
    }

    private static Problem? NotBinary(ReadOnlySpan<float> y)
    {
        var row = y.IndexOfAnyExcept(0f, 1f);
        return row < 0 ? null : NotBinary(row, y[row]);
    }

    public static Problem? TooManyCategories(FeatureMatrix x)
    {
        var column = x.Columns.FirstOrDefault(column => column.IsCategorical && column.Categories.Length > MostCategories);
        return column is null ? null : new Problem(
            "learning.too-many-categories", "Column '{0}' has {1} different words; at most {2} can be learnt from. Put the rare ones together, or leave the column out.", column.Name, column.Categories.Length, MostCategories);
    }

    private static IEnumerable<Problem> Leaking(FeatureMatrix x, int[] rows, float[] labels)
    {
        for (var column = 0; column < x.Columns.Length; column++)
        {
            var separation = Separation(x, column, rows, labels);
            if (separation >= LeakAuroc)
            {
                yield return new Problem(
                    "learning.leak", "Column '{0}' alone tells yes from no almost without fault (AUROC {1}). If it is known only after the answer, leave it out: the model would be worth nothing.",
                    x.Columns[column].Name, Math.Round(separation, 3));
            }
        }
    }

    /// <summary>How much of what the label's commonest class or mean leaves open is told by the rows of the same word, or the ten next to each other by the number.</summary>
    private static double Told(TreesTable table, TreesObjective target, int column, int[] rows)
    {
        var categorical = table.X.Columns[column].IsCategorical;
        int[] order = [.. rows.OrderBy(row => table.X[row, column])];
        var groups = order.Select((row, place) => (row, place)).GroupBy(one => float.IsNaN(table.X[one.row, column]) ? -1f : categorical ? table.X[one.row, column] : one.place / LeastOfAClass, one => table.Y[one.row]).Select(group => group.ToArray()).ToArray();
        if (groups.Length > Math.Max(1, rows.Length / LeastOfAClass) + 1) return 0;   // few rows each would only repeat their labels
        var all = Open([.. groups.SelectMany(group => group)]);
        return all == 0 ? 0 : 1 - (groups.Sum(Open) / all);

        double Open(float[] y)
        {
            if (target == TreesObjective.Softmax) return y.Length - y.CountBy(label => label).Max(label => label.Value);
            var mean = y.Average(label => (double)label);
            return y.Sum(label => (label - mean) * (label - mean));
        }
    }

    /// <summary>AUROC of one column: a number as it is or turned round, a category by its rate of yes; missing values count as one more category.</summary>
    private static double Separation(FeatureMatrix x, int column, int[] rows, float[] labels)
    {
        var values = x.Column(column);
        var scores = new float[rows.Length];
        for (var i = 0; i < rows.Length; i++) scores[i] = values[rows[i]];
        var categorical = x.Columns[column].IsCategorical;
        if (categorical && scores.Distinct().Count() > rows.Length / LeastOfAClass) return 0;   // a rate of few rows each would only repeat their labels
        if (categorical || scores.Any(float.IsNaN)) scores = categorical ? Rates(scores, labels) : MissingLast(scores);
        var auroc = BinaryMetrics.Auroc(scores, labels);
        return Math.Max(auroc, 1 - auroc);
    }

    private static float[] Rates(float[] codes, float[] labels)
    {
        var rates = codes.Zip(labels).GroupBy(pair => pair.First).ToDictionary(group => group.Key, group => group.Average(pair => pair.Second));
        return Array.ConvertAll(codes, code => rates[code]);
    }

    private static float[] MissingLast(float[] values) => Array.ConvertAll(values, value => float.IsNaN(value) ? float.MinValue : value);
}
