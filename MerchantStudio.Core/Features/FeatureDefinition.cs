namespace MerchantStudio.Core.Features;

/// <summary>How the features page groups them.</summary>
public enum FeatureGroup
{
    Activity,
    Depth,
    Cart,
    Purchase,
    Recency,
    Category,
    TimeOfDay,
    Device,
}

/// <summary>How a value is written.</summary>
public enum FeatureUnit
{
    Count,
    Number,

    /// <summary>0 to 1.</summary>
    Share,

    /// <summary>In the shop's currency.</summary>
    Money,
    Minutes,
    Hours,
    Days,

    /// <summary>1 or 0.</summary>
    YesNo,
}

/// <summary>What one row is in the table that a feature is aggregated from.</summary>
internal enum FeatureGrain
{
    Event,
    Day,
    Session,
    Item,
    Category,
    Order,

    /// <summary>Computed from other features.</summary>
    Feature,
}

/// <summary>One number about a shopper as of a moment.</summary>
/// <param name="Key">Column name and resource key: "views_7d".</param>
/// <param name="WindowDays">How far back it looks; null for the whole history.</param>
/// <param name="Formula">Short and exact, for the features page.</param>
/// <param name="IsSensitive">About the person rather than behaviour; never used in models unless switched on.</param>
public sealed record FeatureDefinition(string Key, FeatureGroup Group, int? WindowDays, string Formula, bool IsSensitive = false)
{
    public FeatureUnit Unit { get; init; }

    /// <summary>Whether a shop can bring it about, so that "what if" may be asked of it.</summary>
    public bool IsActionable { get; init; }

    /// <summary>Aggregate over the rows of <see cref="Grain"/>; <c>age</c> is the row's age in days before the cutoff.</summary>
    internal string Sql { get; init; } = "";

    internal FeatureGrain Grain { get; init; }

    /// <summary>A shopper without any such row has 0, not "missing".</summary>
    internal bool IsCount { get; init; }
}
