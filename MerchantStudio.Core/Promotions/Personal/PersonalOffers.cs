using System.Collections.Immutable;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Experiments;
using MerchantStudio.Core.Experiments.Offers;
using MerchantStudio.Core.Experiments.Reading;
using MerchantStudio.Core.Learning.Evaluation;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Shop;
using MerchantStudio.Core.Warehouse;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Promotions.Personal;

/// <summary>Finds for each shopper of an audience the smallest offer that is expected to pay, within a budget. It plans; nothing is given out by it.</summary>
public sealed class PersonalOffers(IDbContextFactory<StudioDb> databases, WarehouseRegistry warehouses, AudienceReader audiences)
{
    /// <summary>The plan's own holdout: the same people for the same audience and days, however often it is planned.</summary>
    private const string HoldoutSalt = "personal-offers";

    private const int CurvePoints = 12;

    /// <summary>Reads what a plan stands on; one reading serves every budget and every ladder.</summary>
    public async Task<Outcome<PersonalGround>> ReadAsync(WorkspaceScope scope, Condition audience, int days, int? marginBasisPoints, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(audience);
        if (scope.Refusal(Right.ReadFigures) is { } refusal) return refusal;
        if (!(await audiences.ContextAsync(scope, cancellationToken).ConfigureAwait(false)).TryGet(out var context, out var problem)) return problem;
        if (days is < 1 or > 90) throw new ArgumentOutOfRangeException(nameof(days), days, "An order is hoped for within 1 to 90 days.");
        if (marginBasisPoints is <= 0 or > 10_000) return new PersonalMarginUnfit();
        if (ConditionCheck.Against(audience, context) is { } unfit) return unfit;
        var warehouse = await warehouses.OpenAsync(scope.Workspace, cancellationToken).ConfigureAwait(false);
        var people = await PersonalPeople.ReadAsync(warehouse, audience, context, days, cancellationToken).ConfigureAwait(false);
        var margin = marginBasisPoints / 10_000.0 ?? await PersonalPeople.MarginAsync(warehouse, context.AsOf, cancellationToken).ConfigureAwait(false);
        if (margin is not { } rate) return new PersonalMarginUnknown();
        if (!people.Shoppers.IsEmpty && people.Shoppers.All(shopper => shopper.Basket is null)) return new PersonalBasketUnknown();
        var database = await databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = database.ConfigureAwait(false);
        var currency = await database.Workspaces.Where(shop => shop.Id == scope.Workspace).Select(shop => shop.Currency).SingleAsync(cancellationToken).ConfigureAwait(false);
        var left = await database.ShopperOptOuts.Where(row => row.WorkspaceId == scope.Workspace).Select(row => row.ShopperId).ToHashSetAsync(StringComparer.Ordinal, cancellationToken).ConfigureAwait(false);
        var everyone = await GlobalHoldouts.CurrentAsync(database, scope.Workspace, cancellationToken).ConfigureAwait(false);
        return new PersonalGround(
            people with { Shoppers = [.. people.Shoppers.Select(shopper => left.Contains(shopper.Id) ? shopper with { Consents = false } : shopper)] }, rate, marginBasisPoints is not null, currency, context.AsOf, everyone);
    }

    /// <summary>The plan; the same ground and question give the same one.</summary>
    public static Outcome<PersonalOfferPlan> Plan(PersonalGround ground, PersonalOfferQuestion question)
    {
        ArgumentNullException.ThrowIfNull(ground);
        ArgumentNullException.ThrowIfNull(question);
        if (question.Fault() is { } fault) return fault;
        var own = new GlobalHoldout(HoldoutSalt, question.HoldoutBasisPoints);
        var (discounts, elasticity) = (question.Discounts, question.Elasticity);
        var shoppers = ground.Audience.Shoppers;
        var baskets = shoppers.Select(shopper => (double)Money.Of(shopper.Basket ?? 0, ground.Currency).Minor).ToArray();
        ImmutableArray<OfferCandidate> candidates = [.. shoppers.Select((shopper, index) => new OfferCandidate(
            elasticity.Ladder(shopper.Chance, baskets[index], ground.MarginRate, discounts, question.SendCostMinor), null, shopper.Consents, own.Holds(shopper.Id) || ground.Everyone?.Holds(shopper.Id) == true))];
        return Of(ground, question, candidates, baskets, ExpectationSource.Assumed);
    }

    /// <summary>The plan by what an experiment measured: its own offer, or none.</summary>
    /// <param name="question">Its one step is the offer that was measured.</param>
    public static Outcome<PersonalOfferPlan> Plan(PersonalGround ground, PersonalOfferQuestion question, UpliftForecast forecast)
    {
        ArgumentNullException.ThrowIfNull(ground);
        ArgumentNullException.ThrowIfNull(question);
        ArgumentNullException.ThrowIfNull(forecast);
        if (question.Fault() is { } fault) return fault;
        if (question.Steps.Length != 1) throw new ArgumentException("What one offer did says nothing of others.", nameof(question));
        var own = new GlobalHoldout(HoldoutSalt, question.HoldoutBasisPoints);
        ImmutableArray<PersonalShopper> shoppers = [.. ground.Audience.Shoppers.Select(shopper => forecast.Shoppers.TryGetValue(shopper.Id, out var told) ? shopper with { Chance = told.Without } : shopper)];
        var baskets = shoppers.Select(shopper => (double)Money.Of(shopper.Basket ?? 0, ground.Currency).Minor).ToArray();
        ImmutableArray<OfferCandidate> candidates = [.. shoppers.Select((shopper, index) =>
        {
            var held = own.Holds(shopper.Id) || ground.Everyone?.Holds(shopper.Id) == true;
            if (!forecast.Shoppers.TryGetValue(shopper.Id, out var told)) return new OfferCandidate([], null, shopper.Consents, held);
            var error = double.IsNaN(told.Error) ? 0 : told.Error;
            return new OfferCandidate(
                [MeasuredOffer.Of(1, told.Without, told.Uplift, error, question.Discounts[0], baskets[index], ground.MarginRate, question.SendCostMinor)], forecast.Rule.Of(told.Without, told.Uplift), shopper.Consents, held);
        })];
        return Of(ground.With(ground.Audience with { Shoppers = shoppers, FromForecast = true }), question, candidates, baskets, ExpectationSource.Measured);
    }

    /// <summary>Experiments whose offer is a plain percentage, so that a plan can stand on what they measured; newest first.</summary>
    public async Task<Outcome<ImmutableArray<MeasuredStep>>> MeasuredAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.ReadFigures) is { } refusal) return refusal;
        var database = await databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = database.ConfigureAwait(false);
        var rows = await database.Experiments.AsNoTracking().Where(row => row.WorkspaceId == scope.Workspace && row.State != ExperimentState.Draft && row.CampaignId != null).OrderByDescending(row => row.CreatedAt)
            .Join(database.Campaigns, experiment => experiment.CampaignId, campaign => campaign.Id, (experiment, campaign) => new { experiment.Id, experiment.Name, campaign.RuleId })
            .Join(database.CouponRules, pair => pair.RuleId, rule => rule.Id, (pair, rule) => new { pair.Id, pair.Name, rule.OfferJson }).ToListAsync(cancellationToken).ConfigureAwait(false);
        return rows.Select(row => (row, Offer: OfferJson.Read(row.OfferJson))).Where(pair => pair.Offer.Succeeded && pair.Offer.Value is { Kind: OfferKind.Percent, PercentBasisPoints: > 0 and <= 9_000 })
            .Select(pair => new MeasuredStep(pair.row.Id, pair.row.Name, pair.Offer.Value.PercentBasisPoints!.Value)).ToImmutableArray();
    }

    internal static PersonalOfferPlan Of(
        PersonalGround ground, PersonalOfferQuestion question, ImmutableArray<OfferCandidate> candidates, double[] baskets, ExpectationSource source)
    {
        var plan = OfferChoice.Plan(candidates, question.BudgetMinor ?? double.PositiveInfinity);
        var full = question.BudgetMinor is null ? plan : OfferChoice.Plan(candidates, double.PositiveInfinity);
        ImmutableArray<PersonalRow> rows = [.. ground.Audience.Shoppers.Select((shopper, index) =>
        {
            var choice = plan.Choices[index];
            var offer = choice.Offer == 0 ? null : candidates[index].Offers.First(offer => offer.Offer == choice.Offer);
            return new PersonalRow(
                shopper.Id, choice.Offer == 0 ? 0 : question.Steps[choice.Offer - 1], ReasonOf(choice.Reason), shopper.Chance, baskets[index], choice.Cost, choice.Profit, offer?.Range ?? new Interval(0, 0));
        }).OrderByDescending(row => row.StepBasisPoints > 0).ThenByDescending(row => row.Gain).ThenByDescending(row => row.Chance).ThenBy(row => row.ShopperId, StringComparer.Ordinal)];
        ImmutableArray<PersonalStep> steps = [.. question.Steps.Prepend(0).Select(step =>
        {
            var own = rows.Where(row => row.StepBasisPoints == step).ToArray();
            return new PersonalStep(step, own.Length, own.Sum(row => row.CostMinor), own.Sum(row => row.Gain));
        })];
        return new PersonalOfferPlan(
            rows, steps, plan.Cost, plan.Profit, new Interval(rows.Sum(row => row.Range.Low), rows.Sum(row => row.Range.High)), plan.MostProfit, plan.Threshold, full.Cost, full.Profit, CurveOf(candidates, full), source, ground.MarginRate,
            ground.MarginTyped ? PersonalBasis.Typed : PersonalBasis.Own, ground.Audience.FromForecast ? PersonalBasis.Own : PersonalBasis.Pace, ground.AsOf);
    }

    /// <summary>What each budget would gain, from nothing to as much as pays.</summary>
    private static ImmutableArray<BudgetPoint> CurveOf(ImmutableArray<OfferCandidate> candidates, OfferPlan full) =>
    [
        .. Enumerable.Range(0, CurvePoints).Select(point => full.Cost * point / CurvePoints).Select(budget => OfferChoice.Plan(candidates, budget)).Select(plan => new BudgetPoint(plan.Cost, plan.Profit)),
        new BudgetPoint(full.Cost, full.Profit),
    ];

    private static PersonalReason ReasonOf(OfferReason reason) => reason switch
    {
        OfferReason.Chosen => PersonalReason.Chosen,
        OfferReason.NotEligible => PersonalReason.NoConsent,
        OfferReason.Holdout => PersonalReason.HeldBack,
        OfferReason.DoNotDisturb => PersonalReason.PutOff,
        OfferReason.SureThing => PersonalReason.BuysAnyway,
        OfferReason.LostCause => PersonalReason.NotPersuadable,
        OfferReason.WouldLoseMoney => PersonalReason.CostsMore,
        _ => PersonalReason.BudgetGone,
    };
}

/// <summary>An experiment that a plan can stand on.</summary>
public sealed record MeasuredStep(Guid ExperimentId, string Name, int BasisPoints);

/// <summary>What a plan stands on, read once.</summary>
public sealed class PersonalGround
{
    internal PersonalGround(PersonalAudience audience, double marginRate, bool marginTyped, string currency, DateTimeOffset asOf, GlobalHoldout? everyone) =>
        (Audience, MarginRate, MarginTyped, Currency, AsOf, Everyone) = (audience, marginRate, marginTyped, currency, asOf, everyone);

    public int Shoppers => Audience.Shoppers.Length;

    /// <summary>The moment that shoppers are described at.</summary>
    public DateTimeOffset AsOf { get; }

    /// <summary>Share of the full price that is earned.</summary>
    public double MarginRate { get; }

    internal PersonalAudience Audience { get; }

    internal bool MarginTyped { get; }

    internal string Currency { get; }

    internal GlobalHoldout? Everyone { get; }

    internal PersonalGround With(PersonalAudience audience) => new(audience, MarginRate, MarginTyped, Currency, AsOf, Everyone);
}
