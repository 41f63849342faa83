using MerchantStudio.Core.Learning.Planning;
using MerchantStudio.Localization;

namespace MerchantStudio.Components.Pages.Predictions;

/// <summary>What a plan gives up for its budget, as merchants read it.</summary>
internal static class PlanWords
{
    public static IEnumerable<string> GivenUp(Texts texts, TrainingPlan plan, IEnumerable<FamilyCost> costs)
    {
        if (!plan.Fits) yield break;   // the button says so
        var whole = true;
        foreach (var family in plan.Families)
        {
            var name = texts["Models.family-" + family.Family];
            if (family.IsLeftOut) yield return texts["Training.gives-family", name, Show.Span(costs.First(cost => cost.Family == family.Family).Seconds(plan.Rows, family.AllSettings))];
            else if (family.Settings < family.AllSettings) yield return texts["Training.gives-settings", name, family.Settings, family.AllSettings];
            if (!family.IsLeftOut && family.Rows < plan.Rows) yield return texts["Training.gives-rows", name, Show.Count(family.Rows), Show.Count(plan.Rows)];
            whole &= !family.IsLeftOut && family.Settings == family.AllSettings && family.Rows == plan.Rows;
        }

        if (whole) yield return texts["Training.gives-nothing"];
    }
}
