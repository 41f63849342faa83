using System.Collections.Immutable;
using System.Text.Json.Serialization;
using MerchantStudio.Core.AppState;

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
/// <param name="Dataset">The data that it is about.</param>
/// <param name="Score">0 to 100.</param>
/// <param name="Value">The measured figure: a share of 0 to 1, a count or days, as <paramref name="Unit"/> says.</param>
/// <param name="Rows">Rows concerned.</param>
/// <param name="Fix">Page that helps, relative to the workspace: "data/import".</param>
/// <param name="Usual">What is normal for the shop, in the same unit; null where no such thing is known.</param>
public sealed record QualityCheck(
    string Key, DatasetKind Dataset, QualityAspect Aspect, QualityVerdict Verdict, int Score, double Value, QualityUnit Unit, long Rows, string Fix, double? Usual = null);

public enum QualityUnit
{
    Share,
    Count,
    Days,
}

/// <summary>How good one kind of data is: the mean of its aspects, each the mean of its checks.</summary>
/// <param name="Score">0 to 100.</param>
public sealed record DatasetQuality(DatasetKind Dataset, int Score, ImmutableSortedDictionary<QualityAspect, int> Aspects);

/// <summary>The state of a workspace's data at one moment.</summary>
/// <param name="Score">0 to 100, the mean of the aspects that could be measured.</param>
/// <param name="Failed">Whether a check failed, which stops training.</param>
/// <param name="AfterImport">Number of the last complete import at that moment; null before the first.</param>
public sealed record QualityReport(
    Guid Id, DateTimeOffset At, int Score, bool Failed, ImmutableArray<QualityCheck> Checks, string? OverrideReason, string? OverriddenBy, int? AfterImport = null)
{
    [JsonIgnore]
    public ImmutableArray<DatasetQuality> Datasets =>
        [.. Checks.GroupBy(check => check.Dataset).OrderBy(group => group.Key).Select(group => new DatasetQuality(
            group.Key, QualityChecks.Score([.. group]),
            group.GroupBy(check => check.Aspect).ToImmutableSortedDictionary(aspect => aspect.Key, aspect => (int)Math.Round(aspect.Average(check => check.Score), MidpointRounding.AwayFromZero))))];
}

/// <summary>The state after one import: the last measurement before the next one.</summary>
/// <param name="Import">Its number; null for measurements before the first import.</param>
/// <param name="FileName">Null when the import is no longer listed.</param>
public sealed record QualityPoint(int? Import, string? FileName, DateTimeOffset At, int Score, bool Failed, ImmutableSortedDictionary<DatasetKind, int> Datasets);
