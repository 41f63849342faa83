using System.Collections.Immutable;

namespace MerchantStudio.Core.Learning.Trees;

/// <summary>Which leaf is split next.</summary>
public enum TreeGrowth
{
    /// <summary>The leaf whose split gains most (Ke et al. 2017): few leaves go where the loss is.</summary>
    LeafWise,

    /// <summary>All leaves of one depth before any of the next (Chen and Guestrin 2016).</summary>
    DepthWise,
}

/// <summary>How trees are grown. The defaults suit some thousand to some hundred thousand rows.</summary>
/// <param name="Rounds">Most trees; fewer when the validation loss stops falling.</param>
/// <param name="LearningRate">Share of each tree's answer that is kept, 0 to 1.</param>
/// <param name="Leaves">Most leaves in a tree; where not all leaves may be split, those that gain most are.</param>
/// <param name="Depth">Most splits between root and leaf.</param>
/// <param name="L2">Penalty on leaf values.</param>
/// <param name="CategoryL2">Added to <paramref name="L2"/> in splits by set of categories.</param>
/// <param name="CategorySmoothing">Hessian added when categories are put in order, so that rare ones stay in the middle.</param>
/// <param name="MinHessian">Least sum of second derivatives in a leaf.</param>
/// <param name="MinRows">Least training rows in a leaf.</param>
/// <param name="MinGain">Least gain of a split.</param>
/// <param name="RowShare">Share of rows that each tree sees, 0 to 1.</param>
/// <param name="ColumnShare">Share of columns that each tree sees, 0 to 1.</param>
/// <param name="Patience">Rounds without a better validation loss before it stops.</param>
/// <param name="Growth">Which leaf is split next.</param>
/// <param name="Monotone">One sign a column: 1 lets the answer only rise with the column, −1 only fall, 0 leaves it free. Default or empty leaves all free.</param>
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
    int Patience = 50,
    TreeGrowth Growth = TreeGrowth.LeafWise,
    ImmutableArray<int> Monotone = default);
