using System.Collections.Immutable;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Shop;
using MerchantStudio.Core.Warehouse;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Insights.Customers;

/// <summary>Customers as the last pipeline run published them, with contacts masked by role. Works without a customers file.</summary>
public sealed class CustomerReader(WarehouseRegistry warehouses, IDbContextFactory<StudioDb> databases, Contacts contacts, IContactProtector protector)
{
    /// <summary>Entries that a timeline holds.</summary>
    public const int MostEvents = 300;

    public async Task<Outcome<CustomerSummary>> SummaryAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.ReadFigures) is { } refusal) return refusal;
        var opened = await OpenAsync(scope, cancellationToken).ConfigureAwait(false);
        if (!opened.TryGet(out var warehouse, out var problem)) return problem;
        var categories = await warehouse.QueryAsync(CustomerSql.Categories, row => row.Text(0)!, [], cancellationToken).ConfigureAwait(false);
        return (await warehouse.QueryAsync(
            CustomerSql.Summary,
            row => new CustomerSummary(row.Long(0), row.Long(1), row.Long(2), row.DecimalOrNull(3), row.DoubleOrNull(4), row.Long(5) > 0, row.Long(6) > 0, categories, row.InstantOrNull(7)), [], cancellationToken).ConfigureAwait(false))[0];
    }

    /// <summary>Whoever may only look up one customer gets rows for a search, and none without.</summary>
    public async Task<Outcome<CustomerPage>> ListAsync(WorkspaceScope scope, CustomerQuestion question, int skip, int take, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(question);
        var mayBrowse = scope.Refusal(Right.ReadFigures) is null;
        if (!mayBrowse && scope.Refusal(Right.LookUpCustomer) is { } refusal) return refusal;
        var opened = await OpenAsync(scope, cancellationToken).ConfigureAwait(false);
        if (!opened.TryGet(out var warehouse, out var problem)) return problem;
        var search = string.IsNullOrWhiteSpace(question.Search) ? null : question.Search.Trim();
        if (!mayBrowse && search is null) return new CustomerPage([], 0, 0);
        object?[] parameters = [search, search is null ? null : protector.Hash(search.ToLowerInvariant()), question.Group, question.Buyers, question.Category];
        var all = await warehouse.ScalarAsync<long>("select count(*) from shopper_profile", [], cancellationToken).ConfigureAwait(false);
        var total = await warehouse.ScalarAsync<long>($"select count(*) from ({CustomerSql.From})", parameters, cancellationToken).ConfigureAwait(false);
        var rows = await warehouse.QueryAsync(
            CustomerSql.From + CustomerSql.OrderBy(question.Order, question.Descending) + " limit $6 offset $7",
            row => new CustomerRow(
                row.Text(0)!, contacts.Show(scope, row.Text(1)), contacts.Show(scope, row.Text(2)), row.Long(3), row.DecimalOrNull(4), row.InstantOrNull(5), row.InstantOrNull(6),
                row.Text(7), row.DoubleOrNull(8), row.DoubleOrNull(9), row.Text(10), row.Text(11)),
            [.. parameters, take, skip], cancellationToken).ConfigureAwait(false);
        return new CustomerPage(rows, total, all);
    }

    /// <param name="kind">What the timeline shows; null for all.</param>
    public async Task<Outcome<CustomerView>> FindAsync(WorkspaceScope scope, ShopperId shopper, TimelineKind? kind, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.LookUpCustomer) is { } refusal && scope.Refusal(Right.ReadFigures) is not null) return refusal;
        var opened = await OpenAsync(scope, cancellationToken).ConfigureAwait(false);
        if (!opened.TryGet(out var warehouse, out var problem)) return problem;
        object?[] one = [shopper.Value];
        var found = await warehouse.QueryAsync(CustomerSql.Facts, row => (Facts: ReadFacts(scope, row), ShopAverage: row.DoubleOrNull(26)), one, cancellationToken).ConfigureAwait(false);
        if (found.IsEmpty) return new CustomerUnknown(shopper.Value);
        var orders = await warehouse.QueryAsync(
            CustomerSql.Orders, row => new CustomerOrderRow(row.Text(0)!, row.Instant(1), row.Long(2), row.Text(3) ?? "", row.DecimalOrNull(4), row.DecimalOrNull(5), row.Text(6)), one, cancellationToken).ConfigureAwait(false);
        var chances = !await warehouse.HasTableAsync("intent_scores", cancellationToken).ConfigureAwait(false) ? [] : await warehouse.QueryAsync(
            CustomerSql.Chances, row => new CustomerChance(row.Int(0), row.Double(1), row.Double(2), row.Double(3), CustomerReasons.Read(row.Text(4))), one, cancellationToken).ConfigureAwait(false);
        var interests = !await warehouse.HasTableAsync("category_interest", cancellationToken).ConfigureAwait(false) ? [] : await warehouse.QueryAsync(
            CustomerSql.Interests, row => new CategoryInterestRow(row.Text(0)!, row.Double(1), row.DoubleOrNull(2) ?? 0, row.Long(3)), one, cancellationToken).ConfigureAwait(false);
        var offers = await OffersAsync(scope, shopper, cancellationToken).ConfigureAwait(false);
        var kinds = await CustomerTimeline.KindsAsync(warehouse, shopper, orders, offers, cancellationToken).ConfigureAwait(false);
        var (timeline, more) = await CustomerTimeline.ReadAsync(warehouse, shopper, orders, offers, kind, MostEvents, cancellationToken).ConfigureAwait(false);
        var facts = found[0].Facts with { GapDays = orders.Length < 2 ? null : (orders[0].At - orders[^1].At).TotalDays / (orders.Length - 1) };
        return new CustomerView(facts, chances, interests, orders, offers, kinds, timeline, more, found[0].ShopAverage is { } average ? (decimal)average : null);
    }

    private CustomerFacts ReadFacts(WorkspaceScope scope, WarehouseRow row) => new(
        row.Text(0)!, contacts.Show(scope, row.Text(1)), contacts.Show(scope, row.Text(2)), contacts.Show(scope, row.Text(3)), scope.Refusal(Right.ReadContacts) is not null,
        row.Text(4), row.Text(5), row.BooleanOrNull(6), row.InstantOrNull(7), row.Instant(8), row.Instant(9), row.InstantOrNull(10), row.InstantOrNull(11), row.Long(12),
        row.DecimalOrNull(13), row.DecimalOrNull(14), row.DecimalOrNull(15), row.DecimalOrNull(16), row.Text(17), row.Text(18), row.IntOrNull(19), row.DoubleOrNull(20),
        row.Text(21), row.Text(22), row.Text(23), row.Text(24), null, row.Instant(25));

    private async Task<ImmutableArray<CustomerOffer>> OffersAsync(WorkspaceScope scope, ShopperId shopper, CancellationToken cancellationToken)
    {
        var database = await databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = database.ConfigureAwait(false);
        var given = await database.CouponCodes.AsNoTracking().Where(code => code.WorkspaceId == scope.Workspace && code.ShopperId == shopper.Value)
            .Join(database.CouponRules.AsNoTracking(), code => code.RuleId, rule => rule.Id, (code, rule) => new { code, rule })
            .OrderByDescending(pair => pair.code.GivenAt).ToListAsync(cancellationToken).ConfigureAwait(false);
        return [.. given.Select(pair => new CustomerOffer(
            pair.rule.Id, pair.rule.Name, pair.rule.OfferJson, pair.code.Code, pair.code.GivenAt, pair.code.Uses, pair.code.LastUsedAt))];
    }

    private async Task<Outcome<WorkspaceWarehouse>> OpenAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        var warehouse = await warehouses.OpenAsync(scope.Workspace, cancellationToken).ConfigureAwait(false);
        return await warehouse.HasTableAsync("shopper_profile", cancellationToken).ConfigureAwait(false) ? warehouse : new CustomersNotReady();
    }
}
