using MerchantStudio.Components.Kit;
using MerchantStudio.Components.Pages.Predictions;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Insights.Intent;
using MerchantStudio.Core.Jobs;
using MerchantStudio.Core.Learning.Planning;
using MerchantStudio.Core.Pipeline;
using MerchantStudio.Core.Pipeline.Training;
using MerchantStudio.Localization;
using MerchantStudio.Tests.Pipeline;
using MerchantStudio.Tests.Pipeline.Training;
using Xunit;

namespace MerchantStudio.Tests.Pages.Predictions;

public sealed class TrainingViewModelTests
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_a_run_the_page_is_empty()
    {
        await using var world = await PipelineWorld.OpenAsync();
        var model = ModelOf(world);
        await model.ShowAsync(world.Scope, null, null, Now);
        Assert.Equal((PageState.Empty, "training.nothing-published"), (model.State, model.Problem!.Code));
    }

    [Fact]
    public async Task A_training_is_planned_started_followed_and_shown()
    {
        await using var world = await TrainingTests.PublishedAsync();
        using var stop = new CancellationTokenSource();
        var runner = Task.Run(() => world.Studio.Get<JobRunner>().RunAsync(stop.Token), Now);
        var model = ModelOf(world);
        await model.ShowAsync(world.Scope, null, null, Now);
        Assert.Equal((PageState.Ready, 7, (TrainingPlan?)null), (model.State, model.HorizonDays, model.Plan));
        model.Choose("mlp", wanted: false);
        await model.MeasureAsync(world.Scope, Now);
        Assert.Equal(["bayes", "gaussian", "logistic", "trees"], model.Plan!.Families.Select(family => family.Family));
        model.Allow(new ComputeBudget(0.001, 1024));
        Assert.False(model.Plan.Fits);
        model.Allow(new ComputeBudget(300, 1024));
        Assert.Equal(["Nothing has to be given up for this budget."], PlanWords.GivenUp(new Texts(), model.Plan, model.Costs));

        await model.StartAsync(world.Scope, Now);
        Assert.True(model.IsWorking);
        var curves = 0;
        await model.FollowAsync(world.Scope, () =>
        {
            curves = Math.Max(curves, model.Live?.Curves.Length ?? 0);
            return Task.CompletedTask;
        }, Now);
        Assert.InRange(curves, 1, 4);
        Assert.Equal((false, JobState.Succeeded), (model.IsWorking, model.Shown!.State));
        Assert.Equal(4, model.Shown.Report!.Versions.Length);
        await stop.CancelAsync();
        await runner;
    }

    [Theory]
    [InlineData("en")]
    [InlineData("zh-CN")]
    public void Every_family_has_its_texts(string language)
    {
        var before = System.Globalization.CultureInfo.CurrentUICulture;
        try
        {
            System.Globalization.CultureInfo.CurrentUICulture = System.Globalization.CultureInfo.GetCultureInfo(language);
            foreach (var family in IntentFamilies.All)
                Assert.All((string[])[$"Models.family-{family.Key}", $"Models.family-about-{family.Key}", $"Training.when-{family.Key}", $"Training.stage-{family.Key}"], key => Assert.False(string.IsNullOrWhiteSpace(Texts.Find(key)), key));
        }
        finally
        {
            System.Globalization.CultureInfo.CurrentUICulture = before;
        }
    }

    [Fact]
    public void What_a_plan_gives_up_is_said_in_words()
    {
        var costs = new[] { new FamilyCost("logistic", 1, 0, 1e-3, 1), new FamilyCost("trees", 3, 0, 1e-3, 1), new FamilyCost("mlp", 1, 0, 1e-1, 1) };
        var plan = new TrainingPlan([new PlannedFamily("logistic", 10_000, 1, 1, 10, 1), new PlannedFamily("trees", 5_000, 1, 3, 2, 1), new PlannedFamily("mlp", 0, 0, 1, 0, 0)], 10_000, 1, 1, new ComputeBudget(30, 1024), Fits: true);
        Assert.Equal(
            ["Boosted trees tries 1 of its 3 settings.", "Boosted trees learns from 5,000 of 10,000 rows.", "Neural network is left out: it would take about 16 min."],
            PlanWords.GivenUp(new Texts(), plan, costs));
    }

    [Fact]
    public void What_that_cost_is_said_after_the_training()
    {
        Assert.Equal(
            [
                "Boosted trees learnt from 5,000 of 20,000 rows. On the rows that chose, ROC-AUC is 0.838 from these and 0.818 from a quarter of them (1,250): all rows might add up to 0.020.",
                "Naive Bayes learnt from 5,000 of 20,000 rows. On the rows that chose, ROC-AUC is 0.838 from these and 0.840 from a quarter of them (1,250): more rows would hardly add anything.",
                "Logistic regression, Neural network learnt from 9,000 of 20,000 rows. What the others would have added was not measured: no time was left.",
            ],
            PlanWords.GaveUp(
                new Texts(), [("logistic", 9_000, null), ("trees", 5_000, new RowsGivenUp(5_000, 20_000, 0.818, 0.838)), ("bayes", 5_000, new RowsGivenUp(5_000, 20_000, 0.84, 0.838)), ("mlp", 9_000, null)], 20_000, "ROC-AUC"));
    }

    private static TrainingViewModel ModelOf(PipelineWorld world) => new(world.Studio.Get<Trainings>(), world.Studio.Get<JobQueue>(), world.Studio.Get<ModelRegistry>());
}
