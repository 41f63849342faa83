namespace MerchantStudio.Core.Learning.Collaborative;

/// <summary>How items are found alike by the histories that they share.</summary>
/// <param name="Neighbours">The most alike that are kept for each item.</param>
/// <param name="Shrink">Added to the norm: pairs that few histories tell of count less.</param>
/// <param name="PairDecay">Share of its weight that a pair keeps with each step between the two.</param>
/// <param name="Backward">Weight of an item that came before the other, where one that came after has 1.</param>
/// <param name="Balance">Exponent of the neighbour's own frequency in the norm: 0.5 is the cosine, less prefers the popular.</param>
/// <param name="Decay">Share of its weight that a step of a history keeps with each later one, when it is scored.</param>
/// <remarks>The defaults were chosen on the next-to-last steps of a public file, docs/benchmarks/learning.md.</remarks>
public sealed record NeighbourOptions(int Neighbours = 2_000, double Shrink = 50, double PairDecay = 0.9, double Backward = 0.3, double Balance = 0.3, double Decay = 0.7);
