using System.Collections.Immutable;

namespace MerchantStudio.Core.Quality;

public enum QualityAspect
{
    Completeness,
    Uniqueness,
    Validity,
    Freshness,
    Coverage,
    Consistency,
}

public enum QualityVerdict
{
    Pass,
    Warn,
    Fail,
}

/// <summary>One thing that was checked.</summary>
/// <param name="Key">"events.no-shopper": key of the translated name and advice.</param>
/// <param name="Score">0 to 100.</param>
/// <param name="Value">The measured figure: a share of 0 to 1, a count or days, as <paramref name="Unit"/> says.</param>
/// <param name="Rows">Rows concerned.</param>
/// <param name="Fix">Page that helps, relative to the workspace: "data/import".</param>
public sealed record QualityCheck(string Key, QualityAspect Aspect, QualityVerdict Verdict, int Score, double Value, QualityUnit Unit, long Rows, string Fix);

public enum QualityUnit
{
    Share,
    Count,
    Days,
}

/// <summary>The state of a workspace's data at one moment.</summary>
/// <param name="Score">0 to 100, the mean of the aspects that could be measured.</param>
/// <param name="Failed">Whether a check failed, which stops training.</param>
public sealed record QualityReport(Guid Id, DateTimeOffset At, int Score, bool Failed, ImmutableArray<QualityCheck> Checks, string? OverrideReason, string? OverriddenBy);
