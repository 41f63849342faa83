using System.Collections.Frozen;
using System.Collections.Immutable;
using MerchantStudio.Core.Insights.Customers;
using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Shop;

namespace MerchantStudio.Core.Pipeline.Serving;

/// <summary>The shoppers of a run by id. Never changed once it is made.</summary>
internal sealed class PublishedRows
{
    private readonly Dictionary<string, int> _places;

    public PublishedRows(ImmutableArray<string> users, FeatureMatrix x, DateTimeOffset asOf)
    {
        _places = new Dictionary<string, int>(users.Length, StringComparer.Ordinal);
        for (var i = 0; i < users.Length; i++) _places[users[i]] = i;
        (X, AsOf) = (x, asOf);
    }

    public FeatureMatrix X { get; }

    public DateTimeOffset AsOf { get; }

    public int? PlaceOf(string user) => _places.TryGetValue(user, out var place) ? place : null;
}

/// <summary>All that is needed to answer for a shopper without reading anything. Immutable: a refresh makes another one, and whoever asks sees the one or the other, whole.</summary>
/// <param name="Models">Shortest forecast first.</param>
/// <param name="Changed">Shoppers whose features have changed since the run.</param>
/// <param name="ReadUpTo">What was written until then is in it.</param>
/// <param name="Gap">So long without an event ends a visit.</param>
/// <param name="Visits">Under way when they were read, by shopper.</param>
/// <param name="SessionEnd">Null where no model of how visits end is in use.</param>
internal sealed record ServingSnapshot(
    PublishedRows Published, ImmutableArray<ServingModel> Models, ImmutableDictionary<string, LiveRow> Changed, DateTimeOffset? ReadUpTo, TimeSpan Gap, FrozenDictionary<string, OpenVisit> Visits, SessionServing? SessionEnd)
{
    public ServingRow? RowOf(string user)
    {
        var place = Published.PlaceOf(user);
        if (Changed.TryGetValue(user, out var live)) return live is { AsOf: { } asOf, Row: { } row } ? new ServingRow(user, place, asOf, true, row) : null;
        return place is { } index ? new ServingRow(user, place, Published.AsOf, false, Published.X.Take([index])) : null;
    }

    /// <param name="now">By which a visit may be over since it was read.</param>
    public Outcome<ShopperScores> Find(ShopperId shopper, bool withReasons, DateTimeOffset now)
    {
        if (Models.IsEmpty && SessionEnd is null) return new ScoresNotReady();
        if (RowOf(shopper.Value) is not { } row) return new CustomerUnknown(shopper.Value);
        var chances = ImmutableArray.CreateBuilder<LiveChance>(Models.Length);
        foreach (var model in Models)
        {
            if (model.Chance(row, withReasons) is { } chance) chances.Add(chance);
        }

        return new ShopperScores(shopper, row.AsOf, row.IsLive, chances.ToImmutable(), VisitOf(shopper.Value, withReasons, now));
    }

    /// <returns>Null where no visit of hers is under way, she has bought in it already, or no model of how visits end is in use.</returns>
    public VisitChance? VisitOf(string user, bool withReasons, DateTimeOffset now) =>
        SessionEnd is { } model && Visits.TryGetValue(user, out var visit) && !visit.Bought && now - visit.LastAt <= Gap ? model.Chance(visit, withReasons) : null;
}
