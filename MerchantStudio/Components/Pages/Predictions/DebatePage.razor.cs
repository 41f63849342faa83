using MerchantStudio.Components.Kit;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Pipeline.Debate;
using MerchantStudio.Localization;
using Microsoft.AspNetCore.Components;

namespace MerchantStudio.Components.Pages.Predictions;

public sealed partial class DebatePage
{
    private readonly Dictionary<string, string?> _notes = [];
    private (string Shopper, LabelAnswer Answer)? _busy;

    [Inject] public required DebateViewModel Model { get; init; }

    [SupplyParameterFromQuery] public int? Days { get; set; }

    /// <summary>"place", or by chance.</summary>
    [SupplyParameterFromQuery(Name = "order")] public string? OrderKey { get; set; }

    private DebateOrder Order => OrderKey == "place" ? DebateOrder.Place : DebateOrder.Chance;

    private Choice<DebateOrder>[] Orders => [new(DebateOrder.Chance, T["Debate.by-chance"]), new(DebateOrder.Place, T["Debate.by-place"])];

    protected override async Task OnParametersSetAsync()
    {
        var scope = await ScopeAsync();
        if (scope.Succeeded) await Model.ShowAsync(scope.Value, Days, Order, Leaving);
    }

    /// <summary>What the models say that tell shoppers apart.</summary>
    private static IEnumerable<DebateView> Heard(DebateCase one) => one.Views.Where(view => view.TellsApart);

    /// <summary>Part of a text's key.</summary>
    private static string Key(LabelAnswer answer) => answer switch { LabelAnswer.WillBuy => "will-buy", LabelAnswer.WillNotBuy => "will-not", _ => "cannot-say" };

    private string EffectTitle(LabelBook book) => T["Debate.effect", Show.Count(book.Teaching)];

    private string FactsOf(DebateCase one) => one.Facts.IsEmpty ? T["Debate.no-facts"] : string.Join(" · ", one.Facts.Select(fact => FeatureWords.Reason(T, fact, Shop.Currency)));

    /// <summary>Where the shopper stands with this model, from where it says yes, and what moved it.</summary>
    private string Words(DebateView view, int shoppers)
    {
        var place = PlaceWords.Of(T, view, shoppers);
        return view.Reasons.IsEmpty ? place : T["Debate.place-because", place, string.Join(Show.IsChinese ? "、" : ", ", view.Reasons.Select(reason => $"{FeatureWords.Reason(T, reason, Shop.Currency)} ({Show.Signed(reason.Points, 1)})"))];
    }

    private string OutcomeOf(GivenLabel label) => T[label.Outcome switch { true => "Debate.bought", false => "Debate.did-not", null => label.Teaches ? "Debate.open-teaches" : "Debate.open" }];

    private string ViewsOf(GivenLabel label) => string.Join(" · ", label.Views.Select(view => $"{T["Models.family-" + view.Family]} {Show.Percent(view.Chance, 0)}"));

    private async Task GiveAsync(DebateCase one, LabelAnswer answer)
    {
        _busy = (one.ShopperId, answer);
        try
        {
            var scope = await ScopeAsync();
            if (scope.Succeeded) await Model.GiveAsync(scope.Value, one, answer, _notes.GetValueOrDefault(one.ShopperId), Order, Leaving);
            if (Model.Refused is null) _notes.Remove(one.ShopperId);
        }
        finally
        {
            _busy = null;
        }
    }

    private async Task UndoAsync(GivenLabel label)
    {
        var scope = await ScopeAsync();
        if (scope.Succeeded) await Model.UndoAsync(scope.Value, label, Order, Leaving);
    }
}
