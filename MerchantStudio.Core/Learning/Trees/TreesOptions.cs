namespace MerchantStudio.Core.Learning.Trees;

/// <summary>How trees are grown. The defaults suit some thousand to some hundred thousand rows.</summary>
/// <param name="Rounds">Most trees; fewer when the validation loss stops falling.</param>
/// <param name="LearningRate">Share of each tree's answer that is kept, 0 to 1.</param>
/// <param name="Leaves">Most leaves in a tree; the leaf that gains most is split first.</param>
/// <param name="Depth">Most splits between root and leaf.</param>
/// <param name="L2">Penalty on leaf values.</param>
/// <param name="CategoryL2">Added to <paramref name="L2"/> in splits by set of categories.</param>
/// <param name="CategorySmoothing">Hessian added when categories are put in order, so that rare ones stay in the middle.</param>
/// <param name="MinHessian">Least sum of p(1−p) in a leaf.</param>
/// <param name="MinRows">Least training rows in a leaf.</param>
/// <param name="MinGain">Least gain of a split.</param>
/// <param name="RowShare">Share of rows that each tree sees, 0 to 1.</param>
/// <param name="ColumnShare">Share of columns that each tree sees, 0 to 1.</param>
/// <param name="Patience">Rounds without a better validation loss before it stops.</param>
public sealed record TreesOptions(
    int Rounds = 1000,
    double LearningRate = 0.05,
    int Leaves = 15,
    int Depth = 6,
    double L2 = 1,
    double CategoryL2 = 10,
    double CategorySmoothing = 10,
    double MinHessian = 1,
    int MinRows = 5,
    double MinGain = 0,
    double RowShare = 0.8,
    double ColumnShare = 0.8,
    int Patience = 50);
