using System.Collections.Immutable;
using System.Globalization;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.Jobs;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Features.Identities;

/// <summary>
/// Finds out which visitor without a name is which customer: an event that names both says so. Rows are not changed; cleaning looks
/// the customer up, so that a join can be taken back.
/// </summary>
public sealed class IdentityStitcher(WarehouseRegistry warehouses, UpkeepQueue upkeep, AuditTrail audit, TimeProvider clock)
{
    /// <summary>Looks at all events and claims, and forgets joins whose event is gone.</summary>
    /// <returns>Joins and refusals that are new.</returns>
    public static async Task<long> StitchAsync(WarehouseSession session, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(session);
        await session.ExecuteAsync(IdentitySql.Forget, [], cancellationToken).ConfigureAwait(false);
        return await InsertAsync(session, now, null, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Looks at live events and claims from a line on.</summary>
    public static Task<long> StitchLiveAsync(WarehouseSession session, DateTimeOffset now, long firstLine, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(session);
        return InsertAsync(session, now, firstLine, cancellationToken);
    }

    /// <summary>The latest joins and refusals.</summary>
    public async Task<Outcome<ImmutableArray<Identity>>> ListAsync(WorkspaceScope scope, int most, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.LookUpCustomer) is { } refusal) return refusal;
        var warehouse = await warehouses.OpenAsync(scope.Workspace, cancellationToken).ConfigureAwait(false);
        return await warehouse.QueryAsync(
            IdentitySql.List,
            row => new Identity(row.Text(0)!, row.Text(1)!, row.Instant(2), row.Text(3)!, row.Text(4), row.Int(5), row.Long(6), row.Text(7), row.InstantOrNull(8), row.Text(9)),
            [most],
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Takes a join back; it is not made again by itself. The figures follow by an upkeep that this asks for.</summary>
    public Task<Outcome<Done>> PartAsync(WorkspaceScope scope, string alias, string customer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        const string Part = "update identities set parted_at = $3, parted_by = $4 where alias = $1 and customer = $2 and refused is null and parted_at is null";
        return ChangeAsync(scope, "identity.parted", Part, [alias, customer, clock.GetUtcNow(), scope.Actor.Name], cancellationToken);
    }

    /// <summary>Makes a join hold again that was taken back, unless the visitor has become another customer meanwhile.</summary>
    public Task<Outcome<Done>> JoinAgainAsync(WorkspaceScope scope, string alias, string customer, CancellationToken cancellationToken)
    {
        const string Join = """
            update identities set parted_at = null, parted_by = null where alias = $1 and customer = $2 and refused is null and parted_at is not null
                and not exists (select 1 from identities other where other.alias = $1 and other.customer <> $2 and other.refused is null and other.parted_at is null)
            """;
        return ChangeAsync(scope, "identity.joined", Join, [alias, customer], cancellationToken);
    }

    private static async Task<long> InsertAsync(WarehouseSession session, DateTimeOffset now, long? firstLine, CancellationToken cancellationToken)
    {
        var fresh = await session.ScalarAsync<long>(IdentitySql.CountFresh, [now, firstLine], cancellationToken).ConfigureAwait(false);
        if (fresh > 0) await session.ExecuteAsync(IdentitySql.Insert, [now, firstLine], cancellationToken).ConfigureAwait(false);
        return fresh;
    }

    private async Task<Outcome<Done>> ChangeAsync(WorkspaceScope scope, string action, string sql, IReadOnlyList<object?> parameters, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.ImportData) is { } refusal) return refusal;
        var warehouse = await warehouses.OpenAsync(scope.Workspace, cancellationToken).ConfigureAwait(false);
        var session = await warehouse.BeginAsync(cancellationToken).ConfigureAwait(false);
        await using var open = session.ConfigureAwait(false);
        var changed = await session.ExecuteAsync(sql, parameters, cancellationToken).ConfigureAwait(false);
        if (changed == 0) return new IdentityNotFound();
        await session.CommitAsync(cancellationToken).ConfigureAwait(false);
        await audit.WriteAsync(scope.Workspace, scope.Actor, new AuditFact(action, After: changed.ToString(CultureInfo.InvariantCulture)), cancellationToken).ConfigureAwait(false);
        await upkeep.AskAsync(scope.Workspace, CancellationToken.None).ConfigureAwait(false);
        return new Done();
    }
}

public sealed record IdentityNotFound() : Problem("identity.not-found", "This join is no longer as it was shown, or the visitor belongs to another customer now. Look at the list again.");
