namespace MerchantStudio.Core.Reviews;

/// <summary>A stretch of a review's text that moved its sentiment.</summary>
/// <param name="Start">In UTF-16 units of the text as stored.</param>
/// <param name="Weight">Above 0 towards praise, below 0 towards complaint; in log-odds.</param>
public readonly record struct WordWeight(int Start, int Length, double Weight);
