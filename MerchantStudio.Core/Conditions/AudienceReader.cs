using System.Collections.Immutable;
using System.Globalization;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Shop;
using MerchantStudio.Core.Warehouse;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Conditions;

/// <summary>Answers conditions on a workspace's published shopper profiles.</summary>
public sealed class AudienceReader(WarehouseRegistry warehouses, IDbContextFactory<StudioDb> databases, TimeProvider time)
{
    private const string MemberColumns = """
        s.user_id, coalesce(s.orders, 0), s.spent, s.last_order_at, s.last_seen, s.rfm_group, s.cluster, coalesce(s.intent_7, s.intent_1, s.intent_30), s.sentiment, s.top_category
        """;

    /// <summary>What conditions of this workspace are read against; a problem before the first pipeline run.</summary>
    public Task<Outcome<ConditionContext>> ContextAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        return ContextAsync(scope.Workspace, cancellationToken);
    }

    internal async Task<Outcome<ConditionContext>> ContextAsync(WorkspaceId workspace, CancellationToken cancellationToken)
    {
        var warehouse = await warehouses.OpenAsync(workspace, cancellationToken).ConfigureAwait(false);
        if (!await warehouse.HasTableAsync("shopper_profile", cancellationToken).ConfigureAwait(false)) return new AudienceNotReady();
        var asOf = (await warehouse.QueryAsync("select max(as_of) from shopper_profile", row => row.InstantOrNull(0), [], cancellationToken).ConfigureAwait(false))[0];
        if (asOf is null) return new AudienceNotReady();
        var database = await databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = database.ConfigureAwait(false);
        var zone = await database.Workspaces.AsNoTracking().Where(shop => shop.Id == workspace).Select(shop => shop.TimeZone)
            .SingleAsync(cancellationToken).ConfigureAwait(false);
        var segments = await database.Segments.AsNoTracking().Where(segment => segment.WorkspaceId == workspace).ToArrayAsync(cancellationToken).ConfigureAwait(false);
        var saved = ImmutableDictionary.CreateBuilder<Guid, SavedCondition>();
        foreach (var segment in segments)
        {
            // One that cannot be read any more counts as gone: whoever names it is told so.
            if (ConditionJson.Read(segment.ConditionJson).TryGet(out var condition, out var _)) saved[segment.Id] = new SavedCondition(segment.Id, segment.Name, condition);
        }

        return new ConditionContext(asOf.Value, TimeZoneInfo.FindSystemTimeZoneById(zone), saved.ToImmutable());
    }

    public async Task<Outcome<AudienceCount>> CountAsync(WorkspaceScope scope, Condition condition, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var outcome = await CheckedAsync(scope, condition, cancellationToken).ConfigureAwait(false);
        if (!outcome.TryGet(out var context, out var problem)) return problem;
        var warehouse = await warehouses.OpenAsync(scope.Workspace, cancellationToken).ConfigureAwait(false);
        var (columns, left, whole) = ConditionSql.CompileLines(condition, context);
        var lines = string.Concat(left.Select(text => $", count(*) filter (where {text})"));
        var since = string.Create(CultureInfo.InvariantCulture, $"${columns.Parameters.Length + 1}");
        var counts = await warehouse.QueryAsync(
            $"""
            with answers as (select s.user_id, s.orders{columns.Text} from shopper_profile s),
            recent as (select p.user_id, sum(p.net) as net from paid_orders p where p.has_price and p.ts >= {since} group by p.user_id)
            select count(*), count(*) filter (where {whole}), count(*) filter (where {whole} and orders > 0),
                   cast(sum(r.net) filter (where {whole}) as decimal(18,4)), count(r.user_id){lines}
            from answers a left join recent r on r.user_id = a.user_id
            """,
            row => new AudienceCount(row.Long(1), row.Long(0), row.Long(2), row.Long(4) == 0 ? null : row.DecimalOrNull(3) ?? 0m,
                [.. Enumerable.Range(5, left.Length).Select(row.Long)], 0, context.AsOf),
            [.. columns.Parameters, context.AsOf.AddDays(-365)], cancellationToken).ConfigureAwait(false);
        return counts[0] with { Seconds = time.GetElapsedTime(started).TotalSeconds };
    }

    /// <summary>Shoppers of an audience, those who spent most first.</summary>
    public async Task<Outcome<ImmutableArray<AudienceMember>>> MembersAsync(WorkspaceScope scope, Condition condition, int limit, CancellationToken cancellationToken)
    {
        var outcome = await CheckedAsync(scope, condition, cancellationToken).ConfigureAwait(false);
        if (!outcome.TryGet(out var context, out var problem)) return problem;
        var warehouse = await warehouses.OpenAsync(scope.Workspace, cancellationToken).ConfigureAwait(false);
        var clause = ConditionSql.Compile(condition, context);
        return await warehouse.QueryAsync(
            string.Create(CultureInfo.InvariantCulture, $"select {MemberColumns} from shopper_profile s where {clause.Text} order by s.spent desc nulls last, s.orders desc nulls last, s.user_id limit ${clause.Parameters.Length + 1}"),
            Member, [.. clause.Parameters, (long)limit], cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Everybody in the audience, by id, for a snapshot.</summary>
    public async Task<Outcome<ImmutableArray<string>>> IdsAsync(WorkspaceScope scope, Condition condition, CancellationToken cancellationToken)
    {
        var outcome = await CheckedAsync(scope, condition, cancellationToken).ConfigureAwait(false);
        if (!outcome.TryGet(out var context, out var problem)) return problem;
        var warehouse = await warehouses.OpenAsync(scope.Workspace, cancellationToken).ConfigureAwait(false);
        var clause = ConditionSql.Compile(condition, context);
        return await warehouse.QueryAsync($"select s.user_id from shopper_profile s where {clause.Text} order by s.spent desc nulls last, s.orders desc nulls last, s.user_id",
            row => row.Text(0)!, clause.Parameters, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The words that occur in the data for a choice attribute, or "category", "brand" or "item"; most frequent first, at most 200.</summary>
    public async Task<ImmutableArray<string>> ChoicesAsync(WorkspaceScope scope, string attribute, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.ReadFigures) is not null) return [];
        var (table, column) = attribute == "category" ? ("category_interest", "category")
            : attribute is "brand" or "item" ? ("clean_events", attribute == "item" ? "item_id" : attribute)
            : attribute == "order_channel" ? ("shopper_profile", "channel")
            : ConditionCatalog.Find(attribute) is { Kind: AttributeKind.Choice } found ? ("shopper_profile", found.Column) : throw new ArgumentException($"'{attribute}' has no choices.", nameof(attribute));
        var warehouse = await warehouses.OpenAsync(scope.Workspace, cancellationToken).ConfigureAwait(false);
        if (!await warehouse.HasTableAsync(table, cancellationToken).ConfigureAwait(false)) return [];
        var name = Sql.Identifier(column);
        return await warehouse.QueryAsync(
            $"select {name} from {Sql.Identifier(table)} where {name} is not null and length({name}) <= {ConditionCheck.TextLimit} group by {name} order by count(*) desc, {name} limit 200",
            row => row.Text(0)!, [], cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Everything a condition may ask about one shopper; null when there is no such shopper.</summary>
    public async Task<ShopperFacts?> FactsAsync(WorkspaceScope scope, string userId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.ReadFigures) is not null && scope.Refusal(Right.LookUpCustomer) is not null) return null;
        var warehouse = await warehouses.OpenAsync(scope.Workspace, cancellationToken).ConfigureAwait(false);
        return await ShopperFactsQuery.ReadAsync(warehouse, userId, cancellationToken).ConfigureAwait(false);
    }

    private static AudienceMember Member(WarehouseRow row) => new(
        row.Text(0)!, row.Long(1), row.DecimalOrNull(2), row.InstantOrNull(3), row.InstantOrNull(4), row.Text(5), row.IntOrNull(6), row.DoubleOrNull(7), row.DoubleOrNull(8), row.Text(9));

    private async Task<Outcome<ConditionContext>> CheckedAsync(WorkspaceScope scope, Condition condition, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.ReadFigures) is { } refusal) return refusal;
        var outcome = await ContextAsync(scope, cancellationToken).ConfigureAwait(false);
        if (!outcome.TryGet(out var context, out var problem)) return problem;
        return ConditionCheck.Against(condition, context) is { } fault ? fault : context;
    }
}
