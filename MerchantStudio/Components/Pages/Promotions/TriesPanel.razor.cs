using MerchantStudio.Components.Shell;
using MerchantStudio.Core.Experiments;
using MerchantStudio.Core.Promotions.Personal;
using MerchantStudio.Core.Promotions.Personal.Tries;
using MerchantStudio.Core.Shop;
using MerchantStudio.Localization;
using Microsoft.AspNetCore.Components;

namespace MerchantStudio.Components.Pages.Promotions;

public sealed partial class TriesPanel
{
    private const decimal UsualShare = 10;
    private const decimal UsualMoney = 50;
    private OfferLearningView? _shown;
    private decimal? _share = UsualShare;
    private Money? _money;

    [CascadingParameter] public ShopView Shop { get; set; } = default!;
    [Parameter] public OfferLearningView? Learning { get; set; }
    [Parameter, EditorRequired] public required PersonalOfferPlan Plan { get; set; }
    [Parameter] public bool MayChange { get; set; }
    [Parameter] public EventCallback<OfferLearningDraft> OnSave { get; set; }

    private bool IsOn => Learning?.Draft.IsOn == true;

    private string Title => IsOn ? T["Personal.tries-title-on", PersonalPage.Share(Learning!.Draft.ShareBasisPoints)] : T["Personal.tries-title"];

    private string Ladder => string.Join(" · ", Plan.Steps.Where(step => step.BasisPoints > 0).Select(step => PersonalPage.Share(step.BasisPoints)));

    // The name of the tries is written in the language they were begun in; another language is no change.
    private bool Changed => Learning is not { } learning || (Draft(learning.Draft.IsOn) with { Label = learning.Draft.Label }) != learning.Draft;

    protected override void OnParametersSet()
    {
        if (_money is not null && ReferenceEquals(_shown, Learning)) return;
        _shown = Learning;
        if (Learning is { } learning) (_share, _money) = (learning.Draft.ShareBasisPoints / 100m, new Money(learning.Draft.DayMoneyMinor, Shop.Currency));
        else _money ??= Money.Of(UsualMoney, Shop.Currency);
    }

    private OfferLearningDraft Draft(bool on) => new(on, (int)((_share ?? 0) * 100), _money?.Minor ?? 0, T["Personal.tries-label"]);

    private Task SaveAsync(bool on) => OnSave.InvokeAsync(Draft(on));

    /// <summary>The best step by what was learnt, said for sure only where its interval is clear of that of no offer.</summary>
    private string Finding(OfferLearningReport report)
    {
        var best = report.Steps.MaxBy(step => step.Value.Value.Value)!;
        var none = report.Steps[0].Value.Value;
        var name = best.BasisPoints == 0 ? T["Personal.no-offer"] : T["Personal.step", PersonalPage.Share(best.BasisPoints)];
        var clear = report.Steps.All(step => step == best || step.Value.Value.Interval.High < best.Value.Value.Interval.Low);
        return Texts.Fill(T[clear ? "Personal.tries-finding" : "Personal.tries-finding-unsure"], report.Tried, name, Told(best.Value.Value), Told(none));
    }

    private string Told(Estimate estimate) => double.IsFinite(estimate.Interval.Low)
        ? T["Personal.tries-estimate", Exact(estimate.Value), Exact(estimate.Interval.Low), Exact(estimate.Interval.High)] : Exact(estimate.Value);

    private string Amount(long minor) => Show.Money(new Money(minor, Shop.Currency));

    private string Exact(double minor) => Show.ExactMoney(new Money((long)Math.Round(minor), Shop.Currency));
}
