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

/// <summary>
/// What is known of the shoppers who were asked about lately. Facts are let go when they change. What another process redeems is seen after a minute at the latest: while she is asked about,
/// her own uses are read anew beside the answers, each shopper's at a moment of her own, so that they never all come due at once.
/// </summary>
internal sealed class ShopperMemory(IDbContextFactory<StudioDb> databases, WarehouseRegistry warehouses, TimeProvider time)
{
    private const int MostShoppers = 100_000;
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<(WorkspaceId Workspace, string Shopper), Memory> _known = new();

    /// <summary>From memory, or a reading that all who ask share.</summary>
    public Task<KnownShopper> FindAsync(WorkspaceId workspace, string shopper, FactNeeds needs)
    {
        var key = (workspace, shopper);
        if (_known.TryGetValue(key, out var known) && time.GetElapsedTime(known.Since) is var age && age < Kept && !known.Reading.Value.IsFaulted)
        {
            if (age >= known.Until && known.Reading.Value.IsCompleted && known.BeginReadingAnew()) _ = ReadAnewAsync(key, known);
            return known.Reading.Value;
        }

        if (_known.Count >= MostShoppers) _known.Clear();

        // Of two that come at once both may read; only the one that is kept counts on.
        var fresh = new Memory(new Lazy<Task<KnownShopper>>(() => Task.Run(() => ReadAsync(workspace, shopper, needs))), time.GetTimestamp(), UntilOf(shopper));
        return (known is null ? _known.GetOrAdd(key, fresh) : _known[key] = fresh).Reading.Value;
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

    /// <summary>Between half of the minute and nine tenths of it.</summary>
    private static TimeSpan UntilOf(string shopper) => Kept * (0.5 + (0.4 * (uint)shopper.GetHashCode(StringComparison.Ordinal) / uint.MaxValue));

    private async Task ReadAnewAsync((WorkspaceId Workspace, string Shopper) key, Memory known)
    {
        var began = time.GetTimestamp();
        var before = await known.Reading.Value.ConfigureAwait(false);
        var fresh = new Memory(new Lazy<Task<KnownShopper>>(Task.FromResult(before with { Own = await Task.Run(() => OwnAsync(key.Workspace, key.Shopper)).ConfigureAwait(false) })), began, UntilOf(key.Shopper));

        // Whoever was let go meanwhile stays so.
        _known.TryUpdate(key, fresh, known);
    }

    private async Task<KnownShopper> ReadAsync(WorkspaceId workspace, string shopper, FactNeeds needs)
    {
        var own = await OwnAsync(workspace, shopper).ConfigureAwait(false);
        var facts = new ShopperFacts { UserId = shopper };
        if (needs.Shopper)
        {
            var warehouse = await warehouses.OpenAsync(workspace, CancellationToken.None).ConfigureAwait(false);
            facts = await ShopperFactsQuery.ReadAsync(warehouse, shopper, needs.Events, needs.Orders, needs.Interests, CancellationToken.None).ConfigureAwait(false) ?? facts;
        }

        return new KnownShopper(facts, own);
    }

    private async Task<ImmutableDictionary<Guid, (int Uses, long SpentMinor)>> OwnAsync(WorkspaceId workspace, string shopper)
    {
        var database = await databases.CreateDbContextAsync(CancellationToken.None).ConfigureAwait(false);
        await using var _ = database.ConfigureAwait(false);
        var own = await database.Redemptions.Where(row => row.WorkspaceId == workspace && row.ShopperId == shopper && row.RolledBackAt == null).GroupBy(row => row.RuleId)
            .Select(rows => new { Rule = rows.Key, Uses = rows.Count(), Spent = rows.Sum(row => row.CostMinor) }).ToListAsync(CancellationToken.None).ConfigureAwait(false);
        return own.ToImmutableDictionary(rule => rule.Rule, rule => (rule.Uses, rule.Spent));
    }

    private sealed class Memory(Lazy<Task<KnownShopper>> reading, long since, TimeSpan until)
    {
        private int _readingAnew;

        public Lazy<Task<KnownShopper>> Reading => reading;
        public long Since => since;

        /// <summary>Her uses are read anew once this old.</summary>
        public TimeSpan Until => until;

        /// <returns>Whether nobody did before.</returns>
        public bool BeginReadingAnew() => Interlocked.Exchange(ref _readingAnew, 1) == 0;
    }
}
