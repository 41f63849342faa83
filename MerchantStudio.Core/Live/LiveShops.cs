using System.Collections.Concurrent;
using System.Collections.Immutable;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Shop;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Live;

/// <summary>What taking events needs to know of a shop.</summary>
/// <param name="Origins">Scheme and host of the shop's own pages, lower case.</param>
/// <param name="AsksConsent">Whether the snippet sends and keeps nothing before a visitor has agreed.</param>
public sealed record LiveShop(WorkspaceId Id, string Currency, TimeZoneInfo Zone, ImmutableArray<string> Origins, bool AsksConsent);

/// <summary>Which pages may send events to which shop; remembered for a few seconds, because every request asks.</summary>
public sealed class LiveShops(IDbContextFactory<StudioDb> contexts, AuditTrail audit, TimeProvider clock)
{
    private const int MostOrigins = 20;
    private readonly ConcurrentDictionary<WorkspaceId, (LiveShop Shop, DateTimeOffset Until)> _known = new();

    /// <returns>Null when there is no such workspace.</returns>
    public async Task<LiveShop?> FindAsync(WorkspaceId workspace, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (_known.TryGetValue(workspace, out var known) && known.Until > now) return known.Shop;
        var db = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        if (await db.Workspaces.AsNoTracking().SingleOrDefaultAsync(row => row.Id == workspace, cancellationToken).ConfigureAwait(false) is not { } row)
        {
            _known.TryRemove(workspace, out var _);
            return null;
        }

        var shop = new LiveShop(row.Id, row.Currency, TimeZoneInfo.FindSystemTimeZoneById(row.TimeZone), Split(row.StoreOrigins), row.AsksConsent);
        _known[workspace] = (shop, now + ApiKeys.Remembered);
        return shop;
    }

    /// <summary>Whether any shop's pages are at this origin: all that can be told before a key is seen.</summary>
    public async Task<bool> IsKnownOriginAsync(string origin, CancellationToken cancellationToken)
    {
        var db = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        var all = await db.Workspaces.AsNoTracking().Where(row => row.StoreOrigins != "").Select(row => row.StoreOrigins).ToListAsync(cancellationToken).ConfigureAwait(false);
        return all.Exists(origins => Split(origins).Contains(origin, StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>Sets the shop's pages and whether they ask for consent; audited.</summary>
    public async Task<Outcome<Done>> ChangeAsync(WorkspaceScope scope, IReadOnlyList<string> origins, bool asksConsent, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(origins);
        if (scope.Refusal(Right.ManageKeys) is { } refusal) return refusal;
        var wanted = new List<string>();
        foreach (var origin in origins.Select(text => text.Trim()).Where(text => text.Length > 0))
        {
            if (Origin(origin) is not { } clean) return new LiveOriginInvalid(origin);
            if (!wanted.Contains(clean)) wanted.Add(clean);
        }

        if (wanted.Count > MostOrigins) return new LiveOriginInvalid(wanted[MostOrigins]);
        var db = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        var row = await db.Workspaces.SingleAsync(shop => shop.Id == scope.Workspace, cancellationToken).ConfigureAwait(false);
        audit.Add(db, scope.Workspace, scope.Actor, new AuditFact("live.pages-changed", row.Name, Facts(row), Facts(string.Join(' ', wanted), asksConsent)));
        row.StoreOrigins = string.Join(' ', wanted);
        row.AsksConsent = asksConsent;
        await db.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        _known.TryRemove(scope.Workspace, out var _);
        return new Done();
    }

    private static string Facts(Workspace row) => Facts(row.StoreOrigins, row.AsksConsent);

    private static string Facts(string origins, bool asksConsent) => $"{(origins.Length == 0 ? "no pages" : origins)}; {(asksConsent ? "asks for consent" : "does not ask for consent")}";

    /// <returns>Null for what is no address of a page's host.</returns>
    private static string? Origin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" && address.AbsolutePath == "/" && address.Query.Length == 0 && address.UserInfo.Length == 0
            ? address.GetLeftPart(UriPartial.Authority).ToLowerInvariant()
            : null;

    private static ImmutableArray<string> Split(string origins) => [.. origins.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
}
