using MerchantStudio.Core.Pipeline.Debate;
using MerchantStudio.Localization;

namespace MerchantStudio.Components.Pages.Predictions;

/// <summary>Where a shopper stands with a model; a model that tells few shoppers apart gives thousands the same chance, and then no place is hers alone.</summary>
internal static class PlaceWords
{
    public static string Of(Texts texts, DebateView view, int shoppers)
    {
        var (first, of, from) = (Show.Count(view.Place.First), Show.Count(shoppers), Show.Percent(view.Threshold, 0));
        if (!view.TellsApart) return texts["Debate.place-nobody", of];
        return view.Place.Sharing == 1
            ? texts["Debate.place", first, of, from]
            : texts["Debate.place-shared", first, of, from, Show.Count(view.Place.Last), Show.Count(view.Place.Sharing - 1)];
    }
}
