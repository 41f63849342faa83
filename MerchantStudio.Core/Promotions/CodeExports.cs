using System.Globalization;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Exports;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Shop;
using MerchantStudio.Core.Warehouse;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Promotions;

/// <summary>Writes given codes as files for people and for shop systems.</summary>
public sealed class CodeExports(IDbContextFactory<StudioDb> databases, WarehouseRegistry warehouses, Contacts contacts, RowExports files)
{
    private static readonly RowColumn[] OwnColumns =
    [
        new("shopper", CellKind.Text), new("email", CellKind.Text), new("code", CellKind.Text), new("rule", CellKind.Text), new("offer", CellKind.Text), new("valid_from", CellKind.Instant),
        new("valid_until", CellKind.Instant), new("given_at", CellKind.Instant), new("uses", CellKind.Whole), new("last_used_at", CellKind.Instant),
    ];

    /// <summary>Column keys of our own file, in order; the caller brings a CSV's header in the page's language.</summary>
    public static IReadOnlyList<string> Columns { get; } = [.. OwnColumns.Select(column => column.Name)];

    private static readonly string[] WooCommerceColumns =
    [
        "code", "amount", "discount_type", "description", "date_expires", "usage_count", "individual_use", "product_ids", "excluded_product_ids", "usage_limit", "usage_limit_per_user",
        "limit_usage_to_x_items", "free_shipping", "product_categories", "excluded_product_categories", "exclude_sale_items", "minimum_amount", "maximum_amount", "email_restrictions", "used_by", "status",
    ];

    /// <summary>All codes that fit the question, with the shopper's e-mail address where it is held and the role may read it.</summary>
    /// <param name="offerText">The offer in the page's language.</param>
    /// <returns>Rows written.</returns>
    public async Task<Outcome<int>> WriteAsync(
        WorkspaceScope scope, CodeQuestion question, IReadOnlyList<string> header, Func<Offer, string, string> offerText, ExportFormat format, Stream target, CancellationToken cancellationToken)
    {
        var read = await ReadAsync(scope, question, cancellationToken).ConfigureAwait(false);
        if (!read.TryGet(out var found, out var problem)) return problem;
        var file = await files.OpenAsync(scope.Workspace, format, OwnColumns, header, found.Zone, target, cancellationToken).ConfigureAwait(false);
        await using var open = file.ConfigureAwait(false);
        foreach (var row in found.Rows)
        {
            var (rule, draft) = found.Rules[row.RuleId];
            file.Text(row.ShopperId).Text(found.EmailOf(row)).Text(row.Code).Text(row.RuleName)
                .Text(draft is null ? null : offerText(draft.Offer, rule.Currency)).Instant(rule.StartsAt ?? rule.ActivatedAt).Instant(rule.EndsAt).Instant(row.GivenAt).Number(row.Uses).Instant(row.LastUsedAt);
            await file.EndRowAsync(cancellationToken).ConfigureAwait(false);
        }

        await file.CompleteAsync(cancellationToken).ConfigureAwait(false);
        return found.Rows.Length;
    }

    /// <summary>
    /// One WooCommerce coupon a code. WooCommerce knows no cap on a percentage and no first day: the description says them. Where it cannot hold a rule's offer at all, nothing is written and the
    /// problem says why.
    /// </summary>
    public async Task<Outcome<int>> WriteWooCommerceAsync(WorkspaceScope scope, CodeQuestion question, Stream target, CancellationToken cancellationToken)
    {
        var read = await ReadAsync(scope, question, cancellationToken).ConfigureAwait(false);
        if (!read.TryGet(out var found, out var problem)) return problem;
        var coupons = new Dictionary<Guid, (Offer Offer, WooCommerceCoupon Coupon)>();
        foreach (var id in found.Rows.Select(row => row.RuleId).Distinct())
        {
            var (rule, draft) = found.Rules[id];
            if (!OfferJson.Read(rule.OfferJson).TryGet(out var known, out var unreadable)) return unreadable;
            if (found.Rows.Any(row => row.RuleId == id && row.IsReferral)) return new WooCommerceReferral(rule.Name);
            if (!WooCommerceCoupon.Of(rule.Name, draft?.Offer ?? known, rule.MarginFloorBasisPoints).TryGet(out var coupon, out var unfit)) return unfit;
            coupons[id] = (draft?.Offer ?? known, coupon);
        }

        var csv = new CsvExport(target, found.Zone);
        await csv.RowAsync(WooCommerceColumns, cancellationToken).ConfigureAwait(false);
        foreach (var row in found.Rows)
        {
            var (rule, draft) = found.Rules[row.RuleId];
            var (offer, coupon) = coupons[row.RuleId];
            var style = new SentenceStyle(CultureInfo.InvariantCulture, rule.Currency, key => key);
            csv.Text(row.Code);
            if (coupon.PercentBasisPoints is { } percent) csv.Number(percent / 100m, 2);
            else Amount(csv, coupon.AmountMinor, rule.Currency);
            csv.Text(coupon.Type)
                .Text($"{rule.Name}: {RuleSentence.Offer(offer, style)}")
                // A coupon ends at the beginning of the day it names there, so the day after our last one is named.
                .Day(draft?.EndsOn?.AddDays(1))
                .Number(row.Uses).Text("yes").Text(WooCommerceCoupon.Items(coupon.Include)).Text(WooCommerceCoupon.Items(coupon.Exclude));

            // A code of somebody's own is hers as often as the rule says; one for anybody is bound by its own number of uses.
            if ((row.ShopperId is null ? row.MostUses : rule.UsesPerCustomer) is { } most) csv.Number(most);
            else csv.Text("");
            csv.Number(rule.UsesPerCustomer).Text("").Text(coupon.FreeShipping ? "yes" : "no").Text(WooCommerceCoupon.Categories(coupon.Include)).Text(WooCommerceCoupon.Categories(coupon.Exclude)).Text(coupon.ExcludeSaleItems ? "yes" : "no");
            if (coupon.MinimumMinor is { } minimum) Amount(csv, minimum, rule.Currency);
            else csv.Text("");
            csv.Text("").Text(found.MayReadContacts ? found.EmailOf(row) : null).Text("").Text(rule.State == CouponRuleState.Live ? "publish" : "draft");
            await csv.EndRowAsync(cancellationToken).ConfigureAwait(false);
        }

        await csv.FlushAsync(cancellationToken).ConfigureAwait(false);
        return found.Rows.Length;
    }

    private static void Amount(CsvExport csv, long minor, string currency)
    {
        if (minor == 0) csv.Number(0);
        else csv.Number(new Money(minor, currency).Amount, Money.Decimals(currency));
    }

    private async Task<Outcome<Found>> ReadAsync(WorkspaceScope scope, CodeQuestion question, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(question);
        if (scope.Refusal(Right.PublishOffers) is { } refusal) return refusal;
        var database = await databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = database.ConfigureAwait(false);
        var zone = TimeZoneInfo.FindSystemTimeZoneById(await database.Workspaces.Where(workspace => workspace.Id == scope.Workspace).Select(workspace => workspace.TimeZone).SingleAsync(cancellationToken).ConfigureAwait(false));
        var codes = database.CouponCodes.AsNoTracking().Where(code => code.WorkspaceId == scope.Workspace);
        if (question.RuleId is { } only) codes = codes.Where(code => code.RuleId == only);
        if (question.BatchId is { } batch) codes = codes.Where(code => code.BatchId == batch);
        var rows = await CouponCodes.Rows(database, CouponCodes.Matching(codes, question)).ToArrayAsync(cancellationToken).ConfigureAwait(false);
        var rules = await database.CouponRules.AsNoTracking().Where(rule => rule.WorkspaceId == scope.Workspace).ToArrayAsync(cancellationToken).ConfigureAwait(false);
        return new Found(
            [.. rows.OrderByDescending(row => row.LastUsedAt).ThenBy(row => row.Code, StringComparer.Ordinal)],
            rules.ToDictionary(rule => rule.Id, rule => (rule, RuleMapping.ToDraft(rule, zone) is { Succeeded: true } read ? read.Value : null)),
            await EmailsAsync(scope, cancellationToken).ConfigureAwait(false), zone, scope.Refusal(Right.ReadContacts) is null);
    }

    private async Task<Dictionary<string, string>> EmailsAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        var warehouse = await warehouses.OpenAsync(scope.Workspace, cancellationToken).ConfigureAwait(false);
        var held = await warehouse.QueryAsync("select user_id, email_protected from customers where user_id is not null and email_protected is not null order by import_id, source_line",
            row => (Shopper: row.Text(0)!, Protected: row.Text(1)!), [], cancellationToken).ConfigureAwait(false);
        var emails = new Dictionary<string, string>();
        foreach (var (shopper, protectedEmail) in held)
        {
            if (contacts.Show(scope, protectedEmail) is { } email) emails[shopper] = email;
        }

        return emails;
    }

    private sealed record Found(CodeRow[] Rows, Dictionary<Guid, (CouponRule Rule, RuleDraft? Draft)> Rules, Dictionary<string, string> Emails, TimeZoneInfo Zone, bool MayReadContacts)
    {
        public string? EmailOf(CodeRow row) => row.ShopperId is { } shopper ? Emails.GetValueOrDefault(shopper) : null;
    }
}
