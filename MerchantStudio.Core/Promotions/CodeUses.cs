using System.Collections.Concurrent;
using System.Collections.Immutable;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Shop;
using MerchantStudio.Core.Warehouse;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Promotions;

/// <summary>
/// Keeps the count of each code's orders, redeemed here or imported, and rereads only what changed since it looked last: the codes of redemptions that came or were taken back, and those of imported
/// orders whose part of all codes, named by a code's last two letters, has another check sum than it had. The first look of a process counts everything.
/// </summary>
internal sealed class CodeUses(IDbContextFactory<StudioDb> databases, WarehouseRegistry warehouses) : IDisposable
{
    private const int Chunk = 500;

    /// <summary>More codes than this are found by going through all of the shop's, which takes less than asking for each by its name.</summary>
    private const int MostByName = 5_000;

    /// <summary>A redemption may be committed this long after the moment that it names.</summary>
    private static readonly TimeSpan Late = TimeSpan.FromMinutes(10);

    private static readonly string Lookup = CodeText.Sql("coupon_code");
    private static readonly string Parts = $"select right({Lookup}, 2) as part, cast(sum(hash(coupon_code, order_no, ts) % 4294967296) + count(*) * 4294967296 as varchar) from paid_orders where coupon_code is not null and trim(coupon_code) <> '' group by 1";
    private readonly ConcurrentDictionary<WorkspaceId, Seen> _seen = new();
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>Codes whose count was read anew by the last call.</summary>
    public int LastRead { get; private set; }

    public async Task RefreshAsync(WorkspaceId workspace, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await ReadAsync(workspace, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task ReadAsync(WorkspaceId workspace, CancellationToken cancellationToken)
    {
        LastRead = 0;
        var database = await databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = database.ConfigureAwait(false);
        if (!await database.CouponCodes.AnyAsync(code => code.WorkspaceId == workspace, cancellationToken).ConfigureAwait(false)) return;
        var warehouse = await warehouses.OpenAsync(workspace, cancellationToken).ConfigureAwait(false);
        var imports = await warehouse.HasTableAsync("paid_orders", cancellationToken).ConfigureAwait(false);
        var parts = imports ? (await warehouse.QueryAsync(Parts, row => (Part: row.Text(0)!, Sum: row.Text(1)!), [], cancellationToken).ConfigureAwait(false)).ToDictionary(row => row.Part, row => row.Sum, StringComparer.Ordinal) : [];
        var before = _seen.GetValueOrDefault(workspace);
        var changed = before is null ? null : parts.Where(part => before.Parts.GetValueOrDefault(part.Key) != part.Value).Select(part => part.Key).Union(before.Parts.Keys.Except(parts.Keys)).ToArray();
        var redemptions = database.Redemptions.AsNoTracking().Where(row => row.WorkspaceId == workspace);
        var until = new[]
        {
            await redemptions.MaxAsync(row => (DateTimeOffset?)row.At, cancellationToken).ConfigureAwait(false), await redemptions.Where(row => row.RolledBackAt != null).MaxAsync(row => row.RolledBackAt, cancellationToken).ConfigureAwait(false), before?.Until,
        }.Max();
        var lookups = await LookupsAsync(database, workspace, before, changed, warehouse, imports, cancellationToken).ConfigureAwait(false);
        var imported = imports && lookups.Count > 0 ? await ImportedAsync(warehouse, lookups, cancellationToken).ConfigureAwait(false) : Array.Empty<Use>().ToLookup(use => use.Lookup);
        var changes = new List<CodeCount>();
        if (lookups.Count > MostByName)
        {
            await CountAsync(database, workspace, null, lookups, imported, changes, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            foreach (var named in lookups.Chunk(Chunk)) await CountAsync(database, workspace, named, lookups, imported, changes, cancellationToken).ConfigureAwait(false);
        }

        await CodeCount.WriteAsync(database, changes, cancellationToken).ConfigureAwait(false);
        LastRead = lookups.Count;
        _seen[workspace] = new Seen(parts.ToImmutableDictionary(StringComparer.Ordinal), until);
    }

    /// <summary>The codes whose count may be another by now: those that were used lately, and those with a count that may have lost its orders.</summary>
    /// <param name="changed">Parts of the imported orders; null for all.</param>
    private static async Task<HashSet<string>> LookupsAsync(StudioDb database, WorkspaceId workspace, Seen? before, string[]? changed, WorkspaceWarehouse warehouse, bool imports, CancellationToken cancellationToken)
    {
        var lookups = new HashSet<string>(StringComparer.Ordinal);
        var uses = database.Redemptions.Where(row => row.WorkspaceId == workspace);
        if (before?.Until is { } until)
        {
            var since = until - Late;
            uses = uses.Where(row => row.At >= since || row.RolledBackAt >= since);
        }

        foreach (var coupon in await uses.Select(row => row.Coupon).Distinct().ToListAsync(cancellationToken).ConfigureAwait(false)) lookups.Add(CodeText.Normalise(coupon));
        if (changed is { Length: 0 }) return lookups;
        var counted = database.CouponCodes.Where(code => code.WorkspaceId == workspace && code.Uses > 0);
        if (changed is not null) counted = counted.Where(code => changed.Contains(code.Lookup.Substring(code.Lookup.Length - 2)));
        lookups.UnionWith(await counted.Select(code => code.Lookup).ToListAsync(cancellationToken).ConfigureAwait(false));
        if (!imports) return lookups;
        var within = changed is null ? "" : $"where right(lookup, 2) in ({string.Join(", ", changed.Select((_, index) => $"${index + 1}"))})";
        lookups.UnionWith(await warehouse.QueryAsync($"select distinct lookup from (select {Lookup} as lookup from paid_orders where coupon_code is not null and trim(coupon_code) <> '') {within}", row => row.Text(0)!, [.. changed ?? []], cancellationToken).ConfigureAwait(false));
        return lookups;
    }

    /// <summary>Imported orders of these codes, in one reading.</summary>
    private static async Task<ILookup<string, Use>> ImportedAsync(WorkspaceWarehouse warehouse, HashSet<string> lookups, CancellationToken cancellationToken)
    {
        string[] named = lookups.Count > Chunk ? [] : [.. lookups];
        var within = named.Length == 0 ? "" : $"where lookup in ({string.Join(", ", named.Select((_, index) => $"${index + 1}"))})";
        return (await warehouse.QueryAsync(
            $"select lookup, order_no, ts from (select {Lookup} as lookup, order_no, ts from paid_orders where coupon_code is not null and trim(coupon_code) <> '') {within}",
            row => new Use(row.Text(0)!, row.Text(1) ?? "", row.Instant(2)), [.. named], cancellationToken).ConfigureAwait(false)).ToLookup(use => use.Lookup, StringComparer.Ordinal);
    }

    /// <summary>An order counts once, however it came to be known. Counts that stand already are not among the changes.</summary>
    /// <param name="named">The codes to look at; null for all of the shop's that are among the lookups.</param>
    private static async Task CountAsync(StudioDb database, WorkspaceId workspace, string[]? named, HashSet<string> lookups, ILookup<string, Use> imported, List<CodeCount> changes, CancellationToken cancellationToken)
    {
        var codes = database.CouponCodes.AsNoTracking().Where(code => code.WorkspaceId == workspace);
        var uses = database.Redemptions.AsNoTracking().Where(row => row.WorkspaceId == workspace && row.RolledBackAt == null);
        if (named is not null)
        {
            codes = codes.Where(code => named.Contains(code.Lookup));
            var names = await codes.Select(code => code.Code).ToArrayAsync(cancellationToken).ConfigureAwait(false);
            uses = uses.Where(row => names.Contains(row.Coupon));
        }

        var redeemed = (await uses.Select(row => new { row.Coupon, row.OrderId, row.At }).ToListAsync(cancellationToken).ConfigureAwait(false)).ToLookup(row => row.Coupon, row => new Use("", row.OrderId, row.At), StringComparer.Ordinal);
        await foreach (var code in codes.Select(code => new { code.Id, code.Code, code.Lookup, code.Uses, code.LastUsedAt }).AsAsyncEnumerable().WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            if (!lookups.Contains(code.Lookup)) continue;
            Use[] own = [.. imported[code.Lookup], .. redeemed[code.Code]];
            var count = new CodeCount(code.Id, own.Select(use => use.Order).Distinct(StringComparer.Ordinal).Count(), own.Length > 0 ? own.Max(use => use.At) : null);
            if (count != new CodeCount(code.Id, code.Uses, code.LastUsedAt)) changes.Add(count);
        }
    }

    private sealed record Use(string Lookup, string Order, DateTimeOffset At);

    /// <param name="Parts">A check sum for each part of the imported orders.</param>
    /// <param name="Until">The latest redemption or taking back; null for none.</param>
    private sealed record Seen(ImmutableDictionary<string, string> Parts, DateTimeOffset? Until);
}
