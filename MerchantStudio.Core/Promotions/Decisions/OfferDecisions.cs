using System.Collections.Immutable;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.Experiments;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Promotions.Pricing;
using MerchantStudio.Core.Promotions.Redemptions;
using Microsoft.Extensions.Options;

namespace MerchantStudio.Core.Promotions.Decisions;

/// <summary>Decides which offers apply to what one shopper is about to buy, from memory. Nothing is reserved: whether a limit still has room is for the redemption to say.</summary>
public sealed class OfferDecisions
{
    private readonly LiveOffersCache _live;
    private readonly ShopperMemory _shoppers;
    private readonly TypedCodes _codes;
    private readonly ActedOn _actedOn;
    private readonly TimeSpan _patience;
    private readonly TimeProvider _time;

    internal OfferDecisions(LiveOffersCache live, ShopperMemory shoppers, TypedCodes codes, ActedOn actedOn, IOptions<DecisionOptions> options, TimeProvider time) =>
        (_live, _shoppers, _codes, _actedOn, _patience, _time) = (live, shoppers, codes, actedOn, options.Value.Patience, time);

    public async Task<Outcome<OfferAnswer>> DecideAsync(WorkspaceScope scope, OfferQuestion question, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(question);
        if (scope.Refusal(Right.RedeemOffers) is { } refusal) return refusal;
        if (question.ShopperId is { Length: > CouponUse.MostLetters }) return new ShopperIdUnfit();
        if (question.Codes.Length > OfferQuestion.MostCodes || question.Codes.Any(code => code is not { Length: > 0 and <= CouponUse.MostLetters })) return new DecisionTooManyCodes(OfferQuestion.MostCodes);
        if (question.Experiments.Length > OfferQuestion.MostExperiments) return new DecisionTooManyExperiments(OfferQuestion.MostExperiments);
        var offers = await _live.NowAsync(scope.Workspace, cancellationToken).ConfigureAwait(false);
        if (CartCheck.Check(question.Cart, offers.Currency).FirstOrDefault() is { } fault) return fault;
        var shopper = string.IsNullOrWhiteSpace(question.ShopperId) ? null : question.ShopperId;
        var now = _time.GetUtcNow();
        var codes = question.Codes.IsEmpty ? [] : await _codes.FindAsync(scope.Workspace, question.Codes, shopper, cancellationToken).ConfigureAwait(false);
        var known = shopper is null ? KnownShopper.Nobody : await KnownAsync(_shoppers.FindAsync(scope.Workspace, shopper, offers.Needs), cancellationToken).ConfigureAwait(false);
        if (shopper is not null && !question.Experiments.IsEmpty && await _actedOn.EnrollAsync(scope, offers, shopper, question.Experiments, cancellationToken).ConfigureAwait(false) is { } unenrolled) return unenrolled;
        var run = new DecisionRun(offers, question.Cart, shopper, known, now);
        run.Admit(codes);
        var decision = run.Decide();
        return new OfferAnswer(
            Guid.CreateVersion7(now), now, offers.Mode, question.Cart, run.Applied(decision), run.Refused(decision), decision.LinesMinor, decision.ShippingMinor, ArmsOf(offers, shopper), known is not null);
    }

    /// <summary>Null where it takes longer than a shopper at the till can wait, or fails: an answer without her offers is better than none.</summary>
    private async Task<KnownShopper?> KnownAsync(Task<KnownShopper> reading, CancellationToken cancellationToken)
    {
        if (!reading.IsCompleted) await Task.WhenAny(reading, Task.Delay(_patience, cancellationToken)).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        return reading.IsCompletedSuccessfully ? await reading.ConfigureAwait(false) : null;
    }

    private static ImmutableArray<ShopperArm> ArmsOf(LiveOffers offers, string? shopper)
    {
        if (shopper is null || offers.Experiments.IsEmpty) return [];
        var held = offers.Everyone?.Holds(shopper) == true;
        return [.. offers.Experiments.Select(experiment =>
        {
            var place = held ? Assigned.GlobalHoldout : experiment.Split.ArmOf(shopper);
            return new ShopperArm(experiment.Key, place.Kind, place.Kind == AssignmentKind.Arm ? experiment.Split.Arms[place.Arm] : null);
        })];
    }
}
