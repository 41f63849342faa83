using MerchantStudio.Core.Access;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Reviews;

/// <summary>Reads scored reviews for pages and exports, from what the last pipeline run published.</summary>
public sealed class ReviewReader(WarehouseRegistry warehouses, WorkspaceDirectory workspaces)
{
    /// <summary>Products with fewer reviews in the period are not compared.</summary>
    public const int LeastReviewsOfProduct = 5;

    private const int Quotes = 3;
    private const double LeastExcess = 2;
    private const int DaysShownWeekly = 400;

    public async Task<Outcome<ReviewOverview>> ReadAsync(WorkspaceScope scope, ReviewSpan span, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(span);
        var opened = await OpenAsync(scope, Right.ReadFigures, cancellationToken).ConfigureAwait(false);
        if (!opened.TryGet(out var shop, out var problem)) return problem;
        var all = (await shop.Warehouse.QueryAsync(ReviewSql.Span, row => (First: row.DateOrNull(0), Last: row.DateOrNull(1), Dated: row.Long(2), Products: row.Long(3), Shoppers: row.Long(4), Stars: row.Long(5), Reviews: row.Long(6), Waiting: row.Long(7)), shop.Of(null, null), cancellationToken).ConfigureAwait(false))[0];
        if (all.Reviews == 0) return new NothingScored();
        var (from, to) = span.Of(all.Last);
        var length = from is { } start && to is { } stop ? stop.DayNumber - start.DayNumber + 1 : (int?)null;
        var (now, disagree) = await SharesAsync(shop, from, to, cancellationToken).ConfigureAwait(false);
        var (before, _) = from is { } first && length is { } days && all.First < first
            ? await SharesAsync(shop, first.AddDays(-days), first.AddDays(-1), cancellationToken).ConfigureAwait(false)
            : (new SentimentShares(0, 0, 0, null), 0);
        var products = all.Products == 0 ? [] : await shop.Warehouse.QueryAsync(
            ReviewSql.Products,
            row => new ProductSentiment(row.Text(0)!, row.Text(1), row.Long(2), row.Long(3), row.Long(4), row.Long(5), row.Double(6), row.DoubleOrNull(7), row.Double(8)),
            [.. shop.Of(from, to), LeastReviewsOfProduct, now.Reviews == 0 ? 0.0 : now.ShareOf(Sentiment.Negative)], cancellationToken).ConfigureAwait(false);
        var shoppers = all.Shoppers == 0 ? [] : await shop.Warehouse.QueryAsync(
            ReviewSql.Shoppers, row => new ShopperSentiment(row.Text(0)!, row.Long(1), row.Long(2), row.Double(3), row.InstantOrNull(4)), shop.Of(from, to), cancellationToken).ConfigureAwait(false);
        var worst = products.Where(product => product.Excess >= LeastExcess).MaxBy(product => product.Excess);
        var quotes = worst is null ? [] : (await RowsAsync(shop, new ReviewFilter(Sentiment.Negative, worst.ItemId), from, to, ReviewOrder.MostNegative, 0, Quotes, cancellationToken).ConfigureAwait(false)).Rows;
        var trend = all is { First: { } begin, Last: { } end } ? await TrendAsync(shop, begin, to ?? end, from is null, cancellationToken).ConfigureAwait(false) : null;
        return new ReviewOverview(
            from, to, to is not null, all.Products > 0, all.Shoppers > 0, all.Stars > 0, now, before.Reviews > 0 ? before : null, all.Waiting, disagree,
            trend, products, shoppers, worst, quotes);
    }

    /// <param name="skip">Rows to leave out at the beginning.</param>
    public async Task<Outcome<ReviewPage>> ListAsync(WorkspaceScope scope, ReviewFilter filter, ReviewOrder order, int skip, int take, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var opened = await OpenAsync(scope, filter.ShopperId is null ? Right.ReadFigures : Right.LookUpCustomer, cancellationToken).ConfigureAwait(false);
        if (!opened.TryGet(out var shop, out var problem)) return problem;
        DateOnly? from = null, to = null;
        if (filter.Span is { } span && span != ReviewSpan.All)
        {
            var last = (await shop.Warehouse.QueryAsync(ReviewSql.Span, row => row.DateOrNull(1), shop.Of(null, null), cancellationToken).ConfigureAwait(false))[0];
            (from, to) = span.Of(last);
        }

        return await RowsAsync(shop, filter, from, to, order, skip, take, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<ReviewPage> RowsAsync(OpenShop shop, ReviewFilter filter, DateOnly? from, DateOnly? to, ReviewOrder order, int skip, int take, CancellationToken cancellationToken)
    {
        object?[] parameters = [.. shop.Of(from, to), filter.Sentiment?.Key(), filter.ItemId, filter.ShopperId, filter.Language, filter.Disagree, string.IsNullOrWhiteSpace(filter.Search) ? null : filter.Search.Trim()];
        var total = await shop.Warehouse.ScalarAsync<long>(ReviewSql.Scored + "select count(*) " + ReviewSql.Filter, parameters, cancellationToken).ConfigureAwait(false);
        var rows = await shop.Warehouse.QueryAsync(
            ReviewSql.Scored + "select " + ReviewSql.Row + " " + ReviewSql.Filter + ReviewSql.Order(order) + " limit $10 offset $11", ReadRow, [.. parameters, take, skip], cancellationToken).ConfigureAwait(false);
        return new ReviewPage(rows, total);
    }

    private static async Task<(SentimentShares Shares, long Disagree)> SharesAsync(OpenShop shop, DateOnly? from, DateOnly? to, CancellationToken cancellationToken) =>
        (await shop.Warehouse.QueryAsync(ReviewSql.Shares, row => (new SentimentShares(row.Long(0), row.Long(1), row.Long(2), row.DoubleOrNull(3)), row.Long(4)), shop.Of(from, to), cancellationToken).ConfigureAwait(false))[0];

    private static async Task<ReviewTrend?> TrendAsync(OpenShop shop, DateOnly first, DateOnly last, bool allTime, CancellationToken cancellationToken)
    {
        var monthly = allTime && last.DayNumber - first.DayNumber > DaysShownWeekly;
        DateOnly? from = monthly ? null : last.AddDays(-7 * TrendBand.MostWeeks);
        var counted = await shop.Warehouse.QueryAsync(
            ReviewSql.Trend, row => (row.Date(0), row.Long(1), row.Long(2), row.DoubleOrNull(3)), [.. shop.Of(from, from is null ? null : last), monthly ? "month" : "week"], cancellationToken).ConfigureAwait(false);
        return counted.Length < 2 ? null : TrendBand.Of(monthly, counted);
    }

    private static ReviewRow ReadRow(WarehouseRow row) => new(
        row.Int(0), row.Long(1), row.Text(2), row.Text(3), row.Text(4), row.InstantOrNull(5), row.DoubleOrNull(6), row.Text(7), row.Text(8) ?? "",
        row.Text(9) switch { "negative" => Sentiment.Negative, "neutral" => Sentiment.Neutral, "positive" => Sentiment.Positive, _ => null },
        row.DoubleOrNull(10), row.Text(11), ReviewScores.ReadWords(row.Text(12)));

    private async Task<Outcome<OpenShop>> OpenAsync(WorkspaceScope scope, Right right, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(right) is { } refusal) return refusal;
        var workspace = await workspaces.FindAsync(scope.Workspace, cancellationToken).ConfigureAwait(false);
        if (workspace is null) return new NothingScored();
        var warehouse = await warehouses.OpenAsync(scope.Workspace, cancellationToken).ConfigureAwait(false);
        return await warehouse.HasTableAsync("review_scores", cancellationToken).ConfigureAwait(false) ? new OpenShop(warehouse, workspace.TimeZone) : new NothingScored();
    }

    private sealed record OpenShop(WorkspaceWarehouse Warehouse, string Zone)
    {
        public object?[] Of(DateOnly? from, DateOnly? to) => [Zone, from, to];
    }
}
