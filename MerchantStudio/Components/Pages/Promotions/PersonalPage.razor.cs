using MerchantStudio.Components.Kit;
using MerchantStudio.Core.Promotions.Personal;
using MerchantStudio.Core.Promotions.Personal.Tries;
using MerchantStudio.Core.Shop;
using MerchantStudio.Localization;
using Microsoft.AspNetCore.Components;

namespace MerchantStudio.Components.Pages.Promotions;

public sealed partial class PersonalPage
{
    private static readonly int[] Spans = [7, 14, 30];
    private string? _opened;
    private Plot? _plot;
    private bool _busy;
    private bool _giving;
    private string _name = "";

    [Inject] public required PersonalViewModel Model { get; init; }

    /// <summary>Key of the segment that the plan is for.</summary>
    [SupplyParameterFromQuery] public string? Segment { get; set; }

    private string? Basis => Model.Plan is { } plan ? T["Personal.basis-" + plan.Source, T["Personal.price-" + Model.Answer]] : null;

    protected override async Task OnParametersSetAsync()
    {
        var address = $"{Workspace}?{Segment}";
        if (_opened == address) return;
        _opened = address;
        if ((await ScopeAsync()).TryGet(out var scope, out _)) await Model.OpenAsync(scope, Shop, Segment, Leaving);
        Draw();
    }

    private async Task AskAsync(string segment, int days, decimal? margin)
    {
        if (!(await ScopeAsync()).TryGet(out var scope, out _)) return;
        await Model.AskAsync(scope, segment, days, margin, Leaving);
        Draw();
    }

    private async Task GiveAsync()
    {
        if (!(await ScopeAsync()).TryGet(out var scope, out _)) return;
        _busy = true;
        try
        {
            await Model.GiveAsync(scope, _name, Leaving);
        }
        finally
        {
            _busy = false;
        }
    }

    private async Task SaveLearningAsync(OfferLearningDraft draft)
    {
        if ((await ScopeAsync()).TryGet(out var scope, out _)) await Model.SaveLearningAsync(scope, draft, Leaving);
    }

    private async Task StandOnAsync(Guid experiment)
    {
        if (!(await ScopeAsync()).TryGet(out var scope, out _)) return;
        await Model.StandOnAsync(scope, experiment == Guid.Empty ? null : experiment, Leaving);
        Draw();
    }

    private void Replan(Action change)
    {
        change();
        Model.Replan();
        Draw();
    }

    private void Draw() => _plot = Model.Plan is { } plan ? PersonalPlot.Of(plan, Shop.Currency, T) : null;

    private string CurveTitle(PersonalOfferPlan plan) => plan.Offered == 0 ? T["Personal.curve-none"]
        : Model.BudgetMinor is null ? T["Personal.curve-full", About(plan.FullCostMinor)] : T["Personal.curve", About(plan.CostMinor), Share((int)Math.Round(plan.FullGain <= 0 ? 0 : 10_000 * plan.Gain / plan.FullGain))];

    private string Smallest(PersonalOfferPlan plan) => plan.Offered == 0 ? T["Personal.smallest-none"]
        : T["Personal.smallest", plan.SmallestIsEnough, Show.Count(plan.Offered), Share(plan.Steps[1].BasisPoints)];

    /// <summary>Hundredths of a percent, without a digit behind the point that says nothing.</summary>
    internal static string Share(int basisPoints) => Show.Percent(basisPoints / 10_000.0, basisPoints % 100 == 0 ? 0 : 1);

    private string About(double minor) => Show.About(new Money((long)Math.Round(minor), Shop.Currency));

    private string Amount(long minor) => Show.Money(new Money(minor, Shop.Currency));

    private string Exact(double minor) => Show.ExactMoney(new Money((long)Math.Round(minor), Shop.Currency));
}
