using System.Collections.Immutable;

namespace MerchantStudio.Core.Features;

/// <summary>A feature over all shoppers as of the last run.</summary>
/// <param name="MissingShare">0 to 1: shoppers for whom it cannot be said.</param>
/// <param name="Mean">Of those who have it; null when nobody does, like the rest.</param>
/// <param name="Low">5 % of shoppers lie below.</param>
/// <param name="High">5 % of shoppers lie above.</param>
/// <param name="Correlations">By horizon in days; only forecasts that are offered.</param>
public sealed record FeatureFigures(
    FeatureDefinition Feature, double MissingShare, double? Mean, double? Low, double? Median, double? High, ImmutableSortedDictionary<int, double> Correlations);

/// <param name="AsOf">The last event that the features know of.</param>
public sealed record FeatureOverview(long Shoppers, DateTimeOffset? AsOf, ImmutableArray<FeatureFigures> Features);

/// <summary>Shoppers whose value lies in [From, To); the last bin holds its end as well.</summary>
public sealed record FeatureBin(double From, double To, long Shoppers);

/// <param name="Below">Shoppers left of the first bin: the 1 % with the smallest values.</param>
/// <param name="Above">Shoppers right of the last bin: the 1 % with the largest values.</param>
public sealed record FeatureDistribution(ImmutableArray<FeatureBin> Bins, long Below, long Above, long Missing);
