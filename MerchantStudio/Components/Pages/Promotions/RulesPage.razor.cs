using System.Globalization;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Promotions;
using Microsoft.AspNetCore.Components;

namespace MerchantStudio.Components.Pages.Promotions;

public sealed partial class RulesPage
{
    private static readonly string[] Templates = ["welcome", "abandoned-cart", "win-back", "replenishment", "vip", "post-review"];
    private string? _opened;

    [Inject] public required RulesViewModel Model { get; init; }

    private DateOnly Today => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(Shop.Now, Shop.Zone).DateTime);

    protected override async Task OnParametersSetAsync()
    {
        if (_opened == Workspace) return;
        _opened = Workspace;
        if ((await ScopeAsync()).TryGet(out var scope, out _)) await Model.ShowAsync(scope, Leaving);
    }

    private string? OfferText(RuleView rule) =>
        rule.Draft is null ? T["Promotions.fault"] : RuleSentence.Offer(rule.Draft.Offer, new SentenceStyle(CultureInfo.CurrentUICulture, rule.Currency, key => key));
}
