using MerchantStudio.Components.Shell;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Insights.Segments;
using MerchantStudio.Localization;

namespace MerchantStudio.Components.Conditions;

/// <summary>Gathers what segment names are made of: the published run's clusters and the saved segments.</summary>
internal static class SegmentNamesQuery
{
    public static async Task<SegmentNames> ReadAsync(
        Texts texts, SegmentReport? report, AudienceReader audiences, WorkspaceScope scope, ShopView shop, CancellationToken cancellationToken)
    {
        var known = await audiences.ContextAsync(scope, cancellationToken);
        var saved = known.Succeeded ? known.Value.Saved.Values.ToDictionary(segment => $"saved:{segment.Id:D}", segment => segment.Name) : [];
        return new SegmentNames(texts, report?.Clusters, saved, DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(shop.Now, shop.Zone).DateTime));
    }
}
