using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Learning;

/// <summary>Brings rows to the columns that a model was fitted on.</summary>
public static class ColumnAlignment
{
    /// <returns>The rows with training's category codes, NaN for categories it never met; a problem when columns are missing, added, moved or of another kind.</returns>
    public static Outcome<FeatureMatrix> Align(IReadOnlyList<FeatureColumn> fitted, FeatureMatrix x)
    {
        ArgumentNullException.ThrowIfNull(fitted);
        ArgumentNullException.ThrowIfNull(x);
        if (fitted.Count != x.Columns.Length) return new Problem("learning.other-column-count", "The model was fitted on {0} columns, these rows have {1}. Give it the same columns.", fitted.Count, x.Columns.Length);
        var values = default(float[]);
        for (var column = 0; column < fitted.Count; column++)
        {
            var (theirs, ours) = (x.Columns[column], fitted[column]);
            if (theirs.Name != ours.Name) return new Problem("learning.other-column", "Column {0} is '{1}', the model was fitted on '{2}'. Give it the same columns in the same order.", column + 1, theirs.Name, ours.Name);
            if (theirs.IsCategorical != ours.IsCategorical) return new Problem("learning.other-kind", "Column '{0}' was numbers in training and is words here, or the other way round. Give it the same kind of values.", ours.Name);
            if (!ours.IsCategorical || theirs.Categories.AsSpan().SequenceEqual(ours.Categories.AsSpan())) continue;
            values ??= All(x);
            Translate(theirs, ours, values.AsSpan(column * x.Rows, x.Rows));
        }

        return values is null ? x : new FeatureMatrix([.. fitted], x.Rows, values);
    }

    private static void Translate(FeatureColumn from, FeatureColumn to, Span<float> codes)
    {
        var known = new Dictionary<string, int>(to.Categories.Length, StringComparer.Ordinal);
        for (var code = 0; code < to.Categories.Length; code++) known[to.Categories[code]] = code;
        foreach (ref var code in codes)
        {
            code = code >= 0 && code < from.Categories.Length && known.TryGetValue(from.Categories[(int)code], out var ours) ? ours : float.NaN;
        }
    }

    private static float[] All(FeatureMatrix x)
    {
        var values = new float[x.Columns.Length * x.Rows];
        for (var column = 0; column < x.Columns.Length; column++) x.Column(column).CopyTo(values.AsSpan(column * x.Rows));
        return values;
    }
}
