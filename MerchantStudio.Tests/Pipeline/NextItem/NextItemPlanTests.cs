using MerchantStudio.Components.Pages.Predictions;
using MerchantStudio.Core.Learning.Planning;
using MerchantStudio.Core.Pipeline.NextItem;
using MerchantStudio.Localization;
using Xunit;

namespace MerchantStudio.Tests.Pipeline.NextItem;

public sealed class NextItemPlanTests
{
    private const string NoRoom = "Blend of models is left out: beside the models there is not enough time or memory for it.";
    private const string Alone = "Blend of models is left out: it needs two models, and the budget has room for one.";

    /// <summary>Reading 1 s, neighbours 2 s, the network 11 s; weighing the two 1.96 s, scoring what that is chosen on 1 s, judging 2 s.</summary>
    private static readonly NextItemMeasure Measure = new(10_000, 2_000, 100, 1, 1, [new("item-knn", 1, 0, 1e-4, 100, 1), new("gru", 1, 0, 1e-3, 100, 1)], 1e-5);

    [Fact]
    public void A_blend_stands_in_the_plan_with_its_own_time_and_memory()
    {
        var plan = Measure.Plan(["item-knn", "gru"], new ComputeBudget(24, 1024));
        var blend = plan.Families[^1];
        Assert.Equal(["item-knn", "gru", "blend"], plan.Families.Select(family => family.Family));
        Assert.Equal((4.96, 2.0, 18.96), (Math.Round(blend.Seconds, 6), Math.Round(blend.JudgingSeconds, 6), Math.Round(plan.Seconds, 6)));
        Assert.Equal(2 * 2_000 * 100 * 4 / 1048576.0, blend.Megabytes, 6);
        Assert.Equal(["Nothing has to be given up for this budget."], PlanWords.GivenUp(new Texts(), plan, Measure.Costs));
    }

    [Theory]
    [InlineData(23, 1024, 2, NoRoom)]
    [InlineData(60, 2.2, 2, NoRoom)]
    [InlineData(6, 1024, 1, Alone)]
    public void A_blend_that_does_not_fit_beside_its_parts_is_left_out_and_the_reason_is_said(double seconds, double megabytes, int kept, string reason)
    {
        var plan = Measure.Plan(["item-knn", "gru"], new ComputeBudget(seconds, megabytes));
        Assert.True(plan.Fits);
        Assert.Equal(kept, plan.Families.Count(family => !family.IsLeftOut));
        Assert.Equal((10_000, "blend", true), (plan.Families[0].Rows, plan.Families[^1].Family, plan.Families[^1].IsLeftOut));
        Assert.Equal(reason, PlanWords.GivenUp(new Texts(), plan, Measure.Costs).Last());
        Assert.True(plan.Seconds <= seconds * TrainingPlanner.SafeShare);
    }

    [Fact]
    public void One_family_is_not_blended() => Assert.Equal(["gru"], Measure.Plan(["gru"], new ComputeBudget(60, 1024)).Families.Select(family => family.Family));
}
