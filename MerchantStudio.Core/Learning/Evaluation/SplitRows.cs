namespace MerchantStudio.Core.Learning.Evaluation;

/// <summary>A table's rows dealt out: those that may be fitted on, those that only choose and stop, and those that are scored once.</summary>
public sealed record SplitRows(FeatureMatrix X, float[] Y, FeatureMatrix ValidationX, float[] ValidationY, FeatureMatrix TestX, float[] TestY)
{
    /// <summary>For a table whose columns need no fitting.</summary>
    public static SplitRows Of(FeatureMatrix x, float[] y, int[] training, int[] validation, int[] test)
    {
        ArgumentNullException.ThrowIfNull(x);
        return new SplitRows(x.Take(training), Pick(y, training), x.Take(validation), Pick(y, validation), x.Take(test), Pick(y, test));
    }

    internal static float[] Pick(float[] values, int[] rows) => Array.ConvertAll(rows, row => values[row]);
}
