namespace MerchantStudio.Core.Learning.Collaborative;

/// <summary>How implicit alternating least squares is fitted.</summary>
/// <param name="Factors">Numbers in a shopper's and in an item's embedding.</param>
/// <param name="Unobserved">Confidence α₀ that what a shopper did not choose is worth nothing to her; a choice has confidence 1.</param>
/// <param name="Penalty">λ of the L2 penalty.</param>
/// <param name="PenaltyPower">ν: 1 penalises an embedding in proportion to the terms that it takes part in, so popular items stay free; 0 penalises all alike.</param>
/// <param name="Decay">Share of its confidence that a step keeps with each later one, when a shopper is embedded to be scored; 1 forgets nothing.</param>
/// <param name="Epochs">Rounds over all shoppers and all items.</param>
/// <param name="Threads">Workers; the result does not depend on it.</param>
/// <remarks>The defaults were chosen on the next-to-last steps of a public file, docs/benchmarks/learning.md.</remarks>
public sealed record AlsOptions(
    int Factors = 96, double Unobserved = 0.001, double Penalty = 0.4, double PenaltyPower = 0.5, double Decay = 0.8, int Epochs = 8, int Threads = 2);
