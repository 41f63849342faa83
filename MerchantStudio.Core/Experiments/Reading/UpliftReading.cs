using System.Collections.Immutable;
using MerchantStudio.Core.Experiments.Uplift;

namespace MerchantStudio.Core.Experiments.Reading;

/// <summary>Whom an offer changed, told of each person by models that never saw her.</summary>
/// <param name="Treated">People in the arm.</param>
/// <param name="Qini">Of buying at all; above chance only where its interval lies above 0.</param>
/// <param name="Groups">By what the offer cost and a purchase earned in this experiment.</param>
/// <param name="Rule">Where the groups part.</param>
public sealed record UpliftView(int Treated, int Holdout, QiniComparison Qini, ImmutableArray<UpliftGroupReport> Groups, UpliftGroupRule Rule)
{
    /// <summary>In each arm; below it a model finds chance.</summary>
    public const int LeastPeople = 300;
}
