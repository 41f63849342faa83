using System.Collections.Immutable;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Insights.Figures;
using MerchantStudio.Core.Quality;

namespace MerchantStudio.Components.Pages.Home;

/// <summary>Something worth doing now, with what it rests on.</summary>
/// <param name="Key">"at-risk", "likely", "basket", "quality", "stale": key of its texts.</param>
/// <param name="Shoppers">How many it concerns; rows for quality, days for stale data.</param>
/// <param name="Worth">Money at stake: spent in 12 months; null without prices.</param>
/// <param name="Path">Page that does it, in this shop.</param>
public sealed record NextAction(string Key, string Icon, long Shoppers, decimal? Worth, string Path, string? Subject = null);

/// <summary>Finds what could be done next: groups that an offer could reach, and data that need care. Nothing here is a forecast; each figure is counted.</summary>
public sealed class NextActions(AudienceReader audiences)
{
    private const double LikelyChance = 0.3;
    private const double StaleFactor = 2;

    private static readonly (string Key, string Icon, Condition Who)[] Groups =
    [
        ("at-risk", "leave", new InSegment(["rfm:at_risk", "rfm:previously_loyal"])),
        ("likely", "bag", new Comparison("intent_7", ConditionOperator.AtLeast, [FormattableString.Invariant($"{LikelyChance}")])),
        ("basket", "basket", new AllOf([new Comparison("open_cart_value", ConditionOperator.Known, []), new Comparison("last_cart_at", ConditionOperator.WithinDays, ["7"])])),
    ];

    public async Task<ImmutableArray<NextAction>> FindAsync(
        WorkspaceScope scope, ImmutableArray<Freshness> freshness, QualityReport? quality, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var found = ImmutableArray.CreateBuilder<NextAction>();
        foreach (var (key, icon, who) in Groups)
        {
            var counted = await audiences.CountAsync(scope, who, cancellationToken);
            if (counted is not { Succeeded: true, Value: { Shoppers: > 0 } count }) continue;
            var path = key == "likely" ? "intent" : $"promotions/campaigns?when={Uri.EscapeDataString(ConditionJson.Write(who))}";
            found.Add(new NextAction(key, icon, count.Shoppers, count.Spent12Months, path));
        }

        if (quality?.Checks.Where(check => check.Verdict == QualityVerdict.Fail).MaxBy(check => check.Rows) is { } worst)
            found.Add(new NextAction("quality", "alert", worst.Rows, null, "data/quality", worst.Key));
        if (freshness.Where(kind => IsStale(kind, now)).MaxBy(kind => now - kind.ImportedAt) is { ImportedAt: { } imported } stale)
            found.Add(new NextAction("stale", "clock", (long)(now - imported).TotalDays, null, "data/import", stale.Kind.ToString()));
        return found.ToImmutable();
    }

    /// <summary>Twice the usual gap between imports has passed; 14 days where there is none yet.</summary>
    public static bool IsStale(Freshness kind, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(kind);
        return kind.ImportedAt is { } imported && (now - imported).TotalDays > Math.Max(1, (kind.UsualGapDays ?? 7) * StaleFactor);
    }
}
