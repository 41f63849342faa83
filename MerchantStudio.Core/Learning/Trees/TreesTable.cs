namespace MerchantStudio.Core.Learning.Trees;

/// <summary>Rows to learn from or to stop by.</summary>
/// <param name="Y">
/// One label a row: 1 or 0 for <see cref="TreesObjective.Binary"/>; any number for <see cref="TreesObjective.Squared"/>; a count for <see cref="TreesObjective.Poisson"/>; the
/// class 0, 1, 2… for <see cref="TreesObjective.Softmax"/>; the grade 0, 1, 2… (higher is better, at most 30) for <see cref="TreesObjective.Ranking"/>.
/// </param>
/// <param name="Weights">How much each row counts, above 0; null for 1 each.</param>
/// <param name="QuerySizes">Ranking only: how many rows, one after the other, each query has.</param>
public sealed record TreesTable(FeatureMatrix X, float[] Y, float[]? Weights = null, int[]? QuerySizes = null);

/// <summary>What the trees' sum stands for.</summary>
public enum TreesObjective
{
    /// <summary>Log-odds of yes; the answer is a probability.</summary>
    Binary,

    /// <summary>The expected number itself.</summary>
    Squared,

    /// <summary>The logarithm of an expected count; the answer is the count.</summary>
    Poisson,

    /// <summary>One score a class; the answers are the classes' probabilities.</summary>
    Softmax,

    /// <summary>A score by which a query's rows are put in order.</summary>
    Ranking,
}
