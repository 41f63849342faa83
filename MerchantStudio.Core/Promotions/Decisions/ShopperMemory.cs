using System.Collections.Concurrent;
using System.Collections.Immutable;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Shop;
using MerchantStudio.Core.Warehouse;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Promotions.Decisions;

/// <param name="Own">What she has used of each rule.</param>
internal sealed record KnownShopper(ShopperFacts Facts, ImmutableDictionary<Guid, (int Uses, long SpentMinor)> Own)
{
    public static KnownShopper Nobody { get; } = new(new ShopperFacts { UserId = "" }, ImmutableDictionary<Guid, (int, long)>.Empty);
}

/// <summary>What is known of the shoppers who were asked about lately. It is let go when it changes; what another process redeems is seen after a minute at the latest.</summary>
internal sealed class ShopperMemory(IDbContextFactory<StudioDb> databases, WarehouseRegistry warehouses, TimeProvider time)
{
    private const int MostShoppers = 100_000;
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<(WorkspaceId Workspace, string Shopper), Memory> _known = new();

    /// <summary>From memory, or a reading that all who ask share.</summary>
    public Task<KnownShopper> FindAsync(WorkspaceId workspace, string shopper, FactNeeds needs)
    {
        if (_known.TryGetValue((workspace, shopper), out var known) && time.GetElapsedTime(known.Since) < Kept && !known.Reading.Value.IsFaulted) return known.Reading.Value;
        if (_known.Count >= MostShoppers) _known.Clear();

        // Of two that come at once both may read; only the one that is kept counts on.
        var fresh = new Memory(new Lazy<Task<KnownShopper>>(() => Task.Run(() => ReadAsync(workspace, shopper, needs))), time.GetTimestamp());
        return (known is null ? _known.GetOrAdd((workspace, shopper), fresh) : _known[(workspace, shopper)] = fresh).Reading.Value;
    }

    public void Forget(WorkspaceId workspace, IEnumerable<string> shoppers)
    {
        foreach (var shopper in shoppers) _known.TryRemove((workspace, shopper), out _);
    }

    public void ForgetAll(WorkspaceId workspace)
    {
        foreach (var key in _known.Keys)
        {
            if (key.Workspace == workspace) _known.TryRemove(key, out _);
        }
    }

    private async Task<KnownShopper> ReadAsync(WorkspaceId workspace, string shopper, FactNeeds needs)
    {
        var database = await databases.CreateDbContextAsync(CancellationToken.None).ConfigureAwait(false);
        await using var _ = database.ConfigureAwait(false);
        var own = await database.Redemptions.Where(row => row.WorkspaceId == workspace && row.ShopperId == shopper && row.RolledBackAt == null).GroupBy(row => row.RuleId)
            .Select(rows => new { Rule = rows.Key, Uses = rows.Count(), Spent = rows.Sum(row => row.CostMinor) }).ToListAsync(CancellationToken.None).ConfigureAwait(false);
        var facts = new ShopperFacts { UserId = shopper };
        if (needs.Shopper)
        {
            var warehouse = await warehouses.OpenAsync(workspace, CancellationToken.None).ConfigureAwait(false);
            facts = await ShopperFactsQuery.ReadAsync(warehouse, shopper, needs.Events, needs.Orders, needs.Interests, CancellationToken.None).ConfigureAwait(false) ?? facts;
        }

        return new KnownShopper(facts, own.ToImmutableDictionary(rule => rule.Rule, rule => (rule.Uses, rule.Spent)));
    }

    private sealed record Memory(Lazy<Task<KnownShopper>> Reading, long Since);
}
