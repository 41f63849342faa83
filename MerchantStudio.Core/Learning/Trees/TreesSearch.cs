using System.Collections.Immutable;

namespace MerchantStudio.Core.Learning.Trees;

/// <summary>The few settings that are tried on the validation rows: from cautious to rich.</summary>
public static class TreesSearch
{
    public static ImmutableArray<TreesOptions> Settings { get; } =
    [
        new(Leaves: 15, Depth: 6, MinRows: 10, MinHessian: 2),
        new(Leaves: 7, Depth: 3, MinRows: 10, MinHessian: 2),
        new(Leaves: 31, Depth: 8, MinRows: 20, MinHessian: 3),
    ];
}
