using System.Collections.Immutable;

namespace MerchantStudio.Core.Insights.Segments;

/// <summary>What the segment stage found; kept with the run and drawn by the segments page.</summary>
/// <param name="Customers">Shoppers with a paid order.</param>
/// <param name="Moves">Who changed group since the former published run; empty in the first.</param>
/// <param name="Clusters">Null when shoppers do not differ enough to be parted.</param>
public sealed record SegmentReport(
    DateTimeOffset AsOf,
    long Shoppers,
    long Customers,
    bool HasPrices,
    RfmCuts Cuts,
    bool CutsEdited,
    RfmMeans Means,
    ImmutableArray<GroupFigures> Groups,
    ImmutableArray<GroupFigures> Groups8,
    ImmutableArray<GroupMove> Moves,
    ClusterReport? Clusters);

/// <summary>What "above the mean" is measured against; null without paid orders or prices.</summary>
public sealed record RfmMeans(double? RecencyDays, double? Frequency, double? Monetary);

/// <param name="Key">"at_risk", "important_keep", or a cluster's number.</param>
/// <param name="Spent12Months">Net; null without prices.</param>
/// <param name="MeanDaysSinceOrder">Null for prospects.</param>
/// <param name="Before">Shoppers in the former published run; null in the first.</param>
public sealed record GroupFigures(string Key, long Shoppers, decimal? Spent12Months, double? MeanDaysSinceOrder, long? Before);

public sealed record GroupMove(string From, string To, long Shoppers);

/// <param name="Tried">Every number of clusters with its quality; the best silhouette among those without splinters is chosen.</param>
public sealed record ClusterReport(int K, ImmutableArray<ClusterFit> Tried, ImmutableArray<ClusterProfile> Profiles);

/// <param name="Silhouette">-1 to 1; how much nearer shoppers are to their own cluster than to the next.</param>
public sealed record ClusterFit(int K, double Silhouette, double SmallestShare);

/// <param name="Traits">What sets it apart, strongest first: "orders.high", "days_since_seen.low"; the first <paramref name="NamedBy"/> make its name.</param>
public sealed record ClusterProfile(int Number, GroupFigures Figures, ImmutableArray<string> Traits, int NamedBy, ImmutableArray<ClusterMeasure> Measures);

/// <param name="Mean">In the measure's own unit; null where it is unknown for all.</param>
/// <param name="Deviations">Standard deviations above (or below) all shoppers, on the log scale.</param>
public sealed record ClusterMeasure(string Key, double? Mean, double Deviations);
