using MerchantStudio.Components.Kit;
using MerchantStudio.Components.Pages.Predictions;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Jobs;
using MerchantStudio.Core.Learning.Planning;
using MerchantStudio.Core.Pipeline;
using MerchantStudio.Core.Pipeline.NextItem;
using MerchantStudio.Core.Pipeline.SessionEnd;
using MerchantStudio.Localization;
using MerchantStudio.Tests.Pipeline.NextItem;
using Xunit;

namespace MerchantStudio.Tests.Pages.Predictions;

public sealed class NextItemViewModelTests
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_training_keeps_to_time_and_memory_and_its_versions_are_put_in_use_and_back()
    {
        await using var world = await NextItemTests.ChainsAsync();
        using var stop = new CancellationTokenSource();
        var runner = Task.Run(() => world.Studio.Get<JobRunner>().RunAsync(stop.Token), Now);
        var model = new NextItemViewModel(world.Studio.Get<NextItemTrainings>(), world.Studio.Get<JobQueue>(), world.Studio.Get<ModelRegistry>());
        await model.ShowAsync(world.Scope, null, Now);
        Assert.Equal((PageState.Ready, (TrainingPlan?)null, false), (model.State, model.Plan, model.MayStopHere));
        await model.MeasureAsync(world.Scope, Now);
        model.Allow(new ComputeBudget(300, 1));
        Assert.Equal(["gru", "sasrec"], model.Plan!.Families.Where(family => family.IsLeftOut).Select(family => family.Family).Order());
        Assert.Contains("Recurrent network (GRU) is left out: it would take about", string.Join(' ', PlanWords.GivenUp(new Texts(), model.Plan, model.Costs)), StringComparison.Ordinal);

        await model.StartAsync(world.Scope, Now);
        Assert.True(model.IsWorking);
        await model.FollowAsync(world.Scope, () => Task.CompletedTask, Now);
        Assert.Equal((false, JobState.Succeeded, null), (model.IsWorking, model.Shown!.State, model.Refused));
        Assert.Equal(model.Shown.Report!.Versions.Select(version => version.ModelId).Order(), model.Versions.Select(version => version.Id).Order());

        foreach (var turn in (int[])[0, 1]) await model.PromoteAsync(world.Scope, model.Versions[turn], Now);
        Assert.Equal((false, true), (model.Versions[0].IsLive, model.Versions[1].IsLive));
        await model.PromoteAsync(world.Scope, model.Versions.Single(version => version.ServedBefore), Now);
        Assert.Equal((true, false, null), (model.Versions[0].IsLive, model.Versions[1].IsLive, model.Refused));
        await stop.CancelAsync();
        await runner;
    }

    [Theory]
    [InlineData("en")]
    [InlineData("zh-CN")]
    public void Every_question_has_its_name(string language)
    {
        var before = System.Globalization.CultureInfo.CurrentUICulture;
        try
        {
            System.Globalization.CultureInfo.CurrentUICulture = System.Globalization.CultureInfo.GetCultureInfo(language);
            Assert.All(TrainingQuestions.All, question => Assert.False(string.IsNullOrWhiteSpace(Texts.Find($"Training.question-{question.Key}")), question.Key));
            foreach (var family in SessionEndFamilies.All) Assert.All((string[])[$"Models.family-{family.Key}", $"SessionEnd.when-{family.Key}", $"Training.stage-{family.Key}"], key => Assert.False(string.IsNullOrWhiteSpace(Texts.Find(key)), key));
        }
        finally
        {
            System.Globalization.CultureInfo.CurrentUICulture = before;
        }
    }
}
