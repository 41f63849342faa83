using System.Collections.Immutable;

namespace MerchantStudio.Core.Conditions;

/// <summary>What a tree is read against.</summary>
/// <param name="AsOf">The moment that "in the last days" counts back from.</param>
/// <param name="TimeZone">The store's zone; calendar days begin in it.</param>
/// <param name="Saved">Saved segments by id, for "saved:" keys.</param>
public sealed record ConditionContext(DateTimeOffset AsOf, TimeZoneInfo TimeZone, ImmutableDictionary<Guid, SavedCondition> Saved)
{
    internal const string SavedPrefix = "saved:";
    internal const string RfmPrefix = "rfm:";
    internal const string Rfm8Prefix = "rfm8:";
    internal const string ClusterPrefix = "cluster:";

    /// <summary>The saved segment that a "saved:" key means; null for other keys and for one that is gone.</summary>
    internal SavedCondition? FindSaved(string key) =>
        key.StartsWith(SavedPrefix, StringComparison.Ordinal) && Guid.TryParseExact(key[SavedPrefix.Length..], "D", out var id) ? Saved.GetValueOrDefault(id) : null;

    /// <summary>The first instant of a day in the store's zone.</summary>
    internal DateTimeOffset StartOf(DateOnly day)
    {
        var local = day.ToDateTime(TimeOnly.MinValue);
        while (TimeZone.IsInvalidTime(local)) local = local.AddMinutes(15);
        var offset = TimeZone.IsAmbiguousTime(local) ? TimeZone.GetAmbiguousTimeOffsets(local).Max() : TimeZone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset).ToUniversalTime();
    }
}

public sealed record SavedCondition(Guid Id, string Name, Condition Condition);
