using System.Collections.Immutable;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Promotions.Pricing;
using MerchantStudio.Core.Promotions.Redemptions;
using MerchantStudio.Core.Shop;
using MerchantStudio.Core.Warehouse;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Promotions;

/// <param name="PriceMinor">Null where the catalogue knows none.</param>
public sealed record TrialProduct(string ItemId, string? Name, string? Category, string? Brand, long? PriceMinor, long? CostMinor);

/// <param name="UnitPriceMinor">In place of the catalogue's; null for that.</param>
public sealed record TrialLine(string ItemId, int Quantity, long? UnitPriceMinor);

/// <summary>A basket that somebody typed.</summary>
/// <param name="ShopperId">Null for somebody of whom nothing is known.</param>
/// <param name="Code">That she types; null for none.</param>
/// <param name="At">Null for now.</param>
public sealed record TrialQuestion(ImmutableArray<TrialLine> Lines, long ShippingMinor = 0, string? ShopperId = null, string? Code = null, string? Channel = null, DateTimeOffset? At = null);

/// <summary>What a typed basket is told.</summary>
/// <param name="Own">Of the rule that is edited, by itself, as a redemption would judge it.</param>
/// <param name="Code">Of the typed code, as a redemption would judge it; null where none was typed.</param>
/// <param name="Decision">The rule beside the live offers that need no code, and the typed one's.</param>
/// <param name="Names">Products of the basket by item.</param>
public sealed record CartTrial(Cart Cart, CouponVerdict Own, CouponVerdict? Code, CartDecision Decision, ImmutableDictionary<string, string> Names);

/// <summary>Tries a rule and a code on a basket that is typed, by the judge that redemptions have; nothing is written.</summary>
public sealed class CartTrials
{
    /// <summary>Who is asked about when nobody is named: no real shopper has such an id.</summary>
    private const string Nobody = "\u001fnobody";
    private readonly IDbContextFactory<StudioDb> _databases;
    private readonly WarehouseRegistry _warehouses;
    private readonly AudienceReader _audiences;
    private readonly CouponJudge _judge;
    private readonly TimeProvider _time;

    internal CartTrials(IDbContextFactory<StudioDb> databases, WarehouseRegistry warehouses, AudienceReader audiences, CouponJudge judge, TimeProvider time) =>
        (_databases, _warehouses, _audiences, _judge, _time) = (databases, warehouses, audiences, judge, time);

    /// <summary>Products whose id or name holds these words, the best known first.</summary>
    public async Task<Outcome<ImmutableArray<TrialProduct>>> FindAsync(WorkspaceScope scope, string words, int limit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(words);
        if (scope.Refusal(Right.ReadFigures) is { } refusal) return refusal;
        return await ProductsAsync(scope, "contains(lower(item_id), lower($1)) or contains(lower(coalesce(name, '')), lower($1))", [words.Trim(), (long)limit], "limit $2", cancellationToken).ConfigureAwait(false);
    }

    public async Task<Outcome<CartTrial>> TryAsync(WorkspaceScope scope, RuleDraft draft, Guid? ruleId, TrialQuestion question, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(draft);
        ArgumentNullException.ThrowIfNull(question);
        if (scope.Refusal(Right.ReadFigures) is { } refusal) return refusal;
        if (!(await _audiences.ContextAsync(scope, cancellationToken).ConfigureAwait(false)).TryGet(out var context, out var problem)) return problem;
        if (ConditionCheck.Against(draft.Condition, context) is { } unfit) return unfit;
        var database = await _databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = database.ConfigureAwait(false);
        var currency = await database.Workspaces.Where(shop => shop.Id == scope.Workspace).Select(shop => shop.Currency).SingleAsync(cancellationToken).ConfigureAwait(false);
        if (!(await CartAsync(scope, question, currency, cancellationToken).ConfigureAwait(false)).TryGet(out var priced, out problem)) return problem;
        if (CartCheck.Check(priced.Cart, currency).FirstOrDefault() is { } fault) return fault;
        var at = question.At ?? _time.GetUtcNow();
        var use = new CouponUse(question.Code?.Trim() ?? "", null, question.ShopperId ?? Nobody, priced.Cart);
        var terms = CartRule.Of(ruleId ?? Guid.Empty, draft, at);
        var own = await _judge.JudgeAsync(scope.Workspace, draft, terms, "", use, wasChosen: false, _ => Task.FromResult(new OrderSoFar([], [])), at, cancellationToken).ConfigureAwait(false);
        var typed = use.Code.Length == 0 ? null : await _judge.JudgeAsync(database, scope.Workspace, use, cancellationToken, at).ConfigureAwait(false);
        var verdict = typed?.Verdict;
        if (typed?.Entry is { } entry && await RedemptionLedger.ReachedAsync(database, scope.Workspace, entry.Limits, entry.CostMinor, cancellationToken).ConfigureAwait(false) is { } reached) verdict = typed.Verdict with { Reason = reached, Price = null };
        var codes = verdict is { Reason: null, RuleId: { } brought } && brought != ruleId ? brought : (Guid?)null;
        var live = await database.CouponRules.AsNoTracking()
            .Where(rule => rule.WorkspaceId == scope.Workspace && rule.State == CouponRuleState.Live && rule.Id != ruleId && (rule.Method == RuleMethod.Automatic || rule.Id == codes))
            .OrderBy(rule => rule.ActivatedAt).Take(1_000).ToListAsync(cancellationToken).ConfigureAwait(false);
        var rules = live.Select(rule => (rule, Read: RuleMapping.ToDraft(rule, context.TimeZone))).Where(pair => pair.Read.Succeeded && ConditionCheck.Against(pair.Read.Value.Condition, context) is null)
            .Select(pair => CartRule.Of(pair.rule.Id, pair.Read.Value, pair.rule.ActivatedAt ?? at) with { StartsAt = pair.rule.StartsAt, EndsAt = pair.rule.EndsAt });
        var facts = question.ShopperId is { } shopper ? await _audiences.FactsAsync(scope, shopper, cancellationToken).ConfigureAwait(false) ?? new ShopperFacts { UserId = shopper } : new ShopperFacts { UserId = Nobody };
        return new CartTrial(priced.Cart, own.Verdict(ruleId), verdict, CartDecision.Decide(CartRuleSet.Of([.. rules, terms], context), priced.Cart, facts, DecisionMode.Priority, at), priced.Names);
    }

    private async Task<Outcome<(Cart Cart, ImmutableDictionary<string, string> Names)>> CartAsync(WorkspaceScope scope, TrialQuestion question, string currency, CancellationToken cancellationToken)
    {
        string[] items = [.. question.Lines.Select(line => line.ItemId).Distinct(StringComparer.Ordinal)];
        var known = items.Length == 0 ? [] : (await ProductsAsync(scope, $"item_id in ({string.Join(", ", items.Select((_, index) => $"${index + 1}"))})", [.. items], "", cancellationToken).ConfigureAwait(false)).ToDictionary(product => product.ItemId, StringComparer.Ordinal);
        var lines = ImmutableArray.CreateBuilder<CartLine>();
        foreach (var line in question.Lines)
        {
            var product = known.GetValueOrDefault(line.ItemId);
            if ((line.UnitPriceMinor ?? product?.PriceMinor) is not { } price) return new TrialPriceMissing(line.ItemId);
            lines.Add(new CartLine(line.ItemId, product?.Category, product?.Brand, line.Quantity, price, product?.PriceMinor is { } usual && price < usual, product?.CostMinor));
        }

        return (new Cart(lines.ToImmutable(), question.ShippingMinor, currency, question.Channel), known.Values.Where(product => product.Name is not null).ToImmutableDictionary(product => product.ItemId, product => product.Name!));
    }

    private async Task<ImmutableArray<TrialProduct>> ProductsAsync(WorkspaceScope scope, string which, IReadOnlyList<object?> parameters, string limit, CancellationToken cancellationToken)
    {
        var warehouse = await _warehouses.OpenAsync(scope.Workspace, cancellationToken).ConfigureAwait(false);
        var database = await _databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = database.ConfigureAwait(false);
        var currency = await database.Workspaces.Where(shop => shop.Id == scope.Workspace).Select(shop => shop.Currency).SingleAsync(cancellationToken).ConfigureAwait(false);
        return await warehouse.QueryAsync(
            $"select item_id, max(name), max(category), max(brand), cast(max(price) as decimal(18, 4)), cast(max(cost) as decimal(18, 4)) from products where item_id is not null and ({which}) group by item_id order by max(name) is null, max(name), item_id {limit}",
            row => new TrialProduct(row.Text(0)!, row.Text(1), row.Text(2), row.Text(3), Minor(row.DecimalOrNull(4)), Minor(row.DecimalOrNull(5))), parameters, cancellationToken).ConfigureAwait(false);

        long? Minor(decimal? amount) => amount is { } known ? Money.Of(known, currency).Minor : null;
    }
}

public sealed record TrialPriceMissing(string Item) : Problem("trial.no-price", "The catalogue knows no price of '{0}'. Type one.", Item);
