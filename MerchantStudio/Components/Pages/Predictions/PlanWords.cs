using MerchantStudio.Core.Learning.Planning;
using MerchantStudio.Core.Pipeline.NextItem;
using MerchantStudio.Localization;

namespace MerchantStudio.Components.Pages.Predictions;

/// <summary>What a plan gives up for its budget, and what that cost, as merchants read it.</summary>
internal static class PlanWords
{
    /// <summary>Less than this shows as 0.</summary>
    private const double LeastShown = 0.0005;

    public static IEnumerable<string> GivenUp(Texts texts, TrainingPlan plan, IEnumerable<FamilyCost> costs)
    {
        if (!plan.Fits) yield break;   // the button says so
        var whole = true;
        foreach (var family in plan.Families)
        {
            var name = texts["Models.family-" + family.Family];
            if (family is { IsLeftOut: true, Family: NextItemFamilies.Blend }) yield return texts[plan.Families.Count(one => !one.IsLeftOut) > 1 ? "Training.gives-blend" : "Training.gives-blend-alone", name];
            else if (family.IsLeftOut) yield return texts["Training.gives-family", name, Show.Span(costs.First(cost => cost.Family == family.Family).Seconds(plan.Rows, family.AllSettings))];
            else if (family.Settings < family.AllSettings) yield return texts["Training.gives-settings", name, family.Settings, family.AllSettings];
            if (!family.IsLeftOut && family.Rows < plan.Rows) yield return texts["Training.gives-rows", name, Show.Count(family.Rows), Show.Count(plan.Rows)];
            whole &= !family.IsLeftOut && family.Settings == family.AllSettings && family.Rows == plan.Rows;
        }

        if (whole) yield return texts["Training.gives-nothing"];
    }

    /// <summary>After a training: what the rows that families did not get might have added.</summary>
    /// <param name="lines">Families with the rows that they got; GivenUp is null where there was no time to look.</param>
    /// <param name="metric">What the figures are of, like "ROC-AUC".</param>
    public static IEnumerable<string> GaveUp(Texts texts, IReadOnlyCollection<(string Family, int Rows, RowsGivenUp? GivenUp)> lines, int allRows, string metric)
    {
        foreach (var (family, rows, givenUp) in lines)
        {
            if (givenUp is not { } found) continue;
            yield return texts[
                found.MightAdd < LeastShown ? "Training.gave-nothing" : "Training.gave", texts["Models.family-" + family], Show.Count(rows), Show.Count(allRows),
                Show.Count((int)(RowsGivenUp.Share * rows)), metric, Show.Number(found.Quarter, 3), Show.Number(found.Whole, 3), Show.Number(found.MightAdd, 3)];
        }

        foreach (var unknown in lines.Where(line => line.GivenUp is null).GroupBy(line => line.Rows))
            yield return texts["Training.gave-unknown", string.Join(Show.IsChinese ? "、" : ", ", unknown.Select(line => texts["Models.family-" + line.Family])), Show.Count(unknown.Key), Show.Count(allRows)];
    }
}
