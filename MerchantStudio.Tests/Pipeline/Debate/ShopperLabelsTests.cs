using System.Collections.Immutable;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Jobs;
using MerchantStudio.Core.Learning.Planning;
using MerchantStudio.Core.Pipeline;
using MerchantStudio.Core.Pipeline.Debate;
using MerchantStudio.Core.Pipeline.Training;
using MerchantStudio.Tests.Pipeline.Training;
using Xunit;

namespace MerchantStudio.Tests.Pipeline.Debate;

/// <summary>Models disagree on shoppers, people say what they know, and the next training learns from it.</summary>
public sealed class ShopperLabelsTests
{
    private const int Horizon = 7;

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_most_disputed_shoppers_come_first_with_what_each_model_says()
    {
        await using var world = await TrainedAsync();
        var list = (await world.Studio.Get<ModelDebates>().ListAsync(world.Scope, Horizon, DebateOrder.Chance, 1000, Now)).Value;
        Assert.Equal((260, 260), (list.Shoppers, list.Cases.Length));
        Assert.Equal(list.Cases.OrderByDescending(one => one.IsDivided).ThenByDescending(one => one.ChanceSpread).Select(one => one.ShopperId), list.Cases.Select(one => one.ShopperId));
        Assert.All(list.Cases, one => Assert.Equal(one.Views.Max(view => view.Chance) - one.Views.Min(view => view.Chance), one.ChanceSpread, 6));
        Assert.All(list.Cases.SelectMany(one => one.Views), view => Assert.InRange(view.Chance, view.Low - 1e-6, view.High + 1e-6));
        Assert.Equal(["bayes", "logistic"], list.Cases[0].Views.Select(view => view.Family).Order());
        Assert.NotEmpty(list.Cases[0].Facts);

        // The first by place is the highest chance of each model.
        foreach (var model in (int[])[0, 1]) Assert.Equal(list.Cases.Max(one => one.Views[model].Chance), list.Cases.First(one => one.Views[model].Place.First == 1).Views[model].Chance);
        var byPlace = (await world.Studio.Get<ModelDebates>().ListAsync(world.Scope, Horizon, DebateOrder.Place, 5, Now)).Value;
        Assert.Contains(list.Cases, one => one.IsDivided);
        Assert.Equal(list.Cases.Where(one => one.IsDivided).Max(one => one.PlaceSpread), byPlace.Cases[0].PlaceSpread);
    }

    [Fact]
    public void Equal_chances_share_a_place()
    {
        Assert.Equal([new(3, 1), new(1, 2), new(1, 2), new(4, 1)], Disagreement.Places([0.2f, 0.5f, 0.5f, 0.1f]));
        Assert.Equal(1, Disagreement.OfPlace([Disagreement.Places([3, 2, 1]), Disagreement.Places([1, 2, 3])], 0));

        // One model takes everybody for the same: her third place with the other is two places from the middle of five, not from the first.
        Assert.Equal(0, Disagreement.OfPlace([Disagreement.Places([1, 1, 1, 1, 1]), Disagreement.Places([5, 4, 3, 2, 1])], 2));
        Assert.Equal(0.5, Disagreement.OfPlace([Disagreement.Places([1, 1, 1, 1, 1]), Disagreement.Places([5, 4, 3, 2, 1])], 4));
    }

    [Fact]
    public async Task The_next_training_learns_from_answers_among_its_training_rows_only_and_its_card_says_how_many()
    {
        await using var world = await TrainedAsync();
        var before = (await world.Studio.Get<Trainings>().NewestAsync(world.Scope, Horizon, Now)).Value!.Report!;
        var given = await GiveAsync(world, 10, LabelAnswer.WillNotBuy);
        await GiveAsync(world, 2, LabelAnswer.CannotSay);
        Assert.Equal(10, (await BookAsync(world)).Teaching);

        var after = await TrainAsync(world);
        Assert.Equal(10, after.Labels);
        Assert.Equal((before.Training, before.Validation, before.Test), (after.Training, after.Validation, after.Test));
        var versions = (await world.Studio.Get<ModelRegistry>().ListAsync(world.Scope, Now)).Value.ToDictionary(version => version.Id);
        foreach (var made in after.Versions)
        {
            var recipe = versions[made.ModelId].Facts!.Recipe!;
            Assert.Equal(given.Order(), recipe.Labels!.Value.Order());
            Assert.Equal(LabelBook.CountsAs, recipe.LabelWeight);
            Assert.Equal((recipe.Rows, recipe.AllRows), (after.Training.Shoppers, after.Training.Shoppers));
            var former = versions[before.Versions.Single(version => version.Family == made.Family).ModelId];
            Assert.NotEqual(former.FileHash, versions[made.ModelId].FileHash);
            Assert.NotEqual(former.Facts!.Recipe!.RowsHash, recipe.RowsHash);
            Assert.Equal(RepeatEnding.Same, (await world.Studio.Get<ModelRepeats>().RepeatAsync(world.Scope, made.ModelId, Now)).Value.Ending);
        }

        var list = (await world.Studio.Get<ModelDebates>().ListAsync(world.Scope, Horizon, DebateOrder.Chance, 1000, Now)).Value;
        Assert.Equal(after.Versions.Select(version => version.Number), list.Cases[0].Views.Select(view => view.Number));

        // Taken back, an answer teaches no longer, and a version that learnt from it cannot be made again.
        Assert.True((await world.Studio.Get<ShopperLabels>().UndoAsync(world.Scope, given[0], Now)).Succeeded);
        Assert.Equal(9, (await BookAsync(world)).Teaching);
        Assert.Equal(RepeatEnding.DataChanged, (await world.Studio.Get<ModelRepeats>().RepeatAsync(world.Scope, after.Versions[0].ModelId, Now)).Value.Ending);
    }

    [Fact]
    public async Task An_outcome_takes_the_answers_place_and_shows_who_was_right()
    {
        await using var world = await TrainedAsync();
        var moment = (await world.Studio.Get<PipelineReports>().LatestPublishedAsync(world.Scope, Now))!.AsOf!.Value;
        await GiveAsync(world, 6, LabelAnswer.WillBuy);
        var open = await BookAsync(world);
        Assert.Empty(open.Records);
        Assert.All(open.Labels, label => Assert.True(label is { Outcome: null, Teaches: true }));

        // One buys a day later; that alone settles her case. The others are settled when the days are over.
        var buyer = open.Labels[0].ShopperId;
        await BuyAsync(world, buyer, moment.AddDays(1));
        Assert.Null((await world.RunAsync(new PipelineJobInput(HorizonDays: Horizon))).Problem);
        var first = await BookAsync(world);
        Assert.Equal([buyer], first.Labels.Where(label => label.Outcome == true).Select(label => label.ShopperId));
        Assert.Equal(5, first.Teaching);
        Assert.Equal(open.Labels.Skip(1).Select(label => label.Id).Order(), (await TeachingAsync(world)).Order());   // of the buyer her purchase teaches, not what was foretold

        await world.AddShoppersAsync(260, Horizon + 3, buying: false, from: moment, seed: 6);
        Assert.Null((await world.RunAsync(new PipelineJobInput(HorizonDays: Horizon))).Problem);
        var settled = await BookAsync(world);
        Assert.Equal((0, 6), (settled.Teaching, settled.Records[0].Judged));
        Assert.Empty(await TeachingAsync(world));
        Assert.Equal((null, 1), (settled.Records[0].Family, settled.Records[0].Right));
        foreach (var record in settled.Records.Skip(1)) Assert.Equal(settled.Labels.Count(label => label.Views.Single(view => view.Family == record.Family).SaysBuys == label.Outcome), record.Right);
    }

    [Fact]
    public async Task Rights_are_kept_and_an_answer_is_given_once()
    {
        await using var world = await TrainedAsync();
        var labels = world.Studio.Get<ShopperLabels>();
        var list = (await world.Studio.Get<ModelDebates>().ListAsync(world.Scope, Horizon, DebateOrder.Chance, 1, Now)).Value;
        var shopper = list.Cases[0].ShopperId;
        Assert.Equal("access.refused", (await labels.GiveAsync(As(world, Role.Viewer), Horizon, list.Moment, shopper, LabelAnswer.WillBuy, null, Now)).Problem!.Code);
        Assert.Equal("access.refused", (await labels.BookAsync(As(world, Role.Support), Horizon, Now)).Problem!.Code);
        Assert.Equal("access.refused", (await world.Studio.Get<ModelDebates>().ListAsync(As(world, Role.Support), Horizon, DebateOrder.Chance, 1, Now)).Problem!.Code);
        Assert.Equal("debate.moved", (await labels.GiveAsync(world.Scope, Horizon, list.Moment.AddDays(1), shopper, LabelAnswer.WillBuy, null, Now)).Problem!.Code);
        Assert.Equal("debate.moved", (await labels.GiveAsync(world.Scope, Horizon, list.Moment, "nobody", LabelAnswer.WillBuy, null, Now)).Problem!.Code);
        Assert.Equal("debate.note-too-long", (await labels.GiveAsync(world.Scope, Horizon, list.Moment, shopper, LabelAnswer.WillBuy, new string('x', 501), Now)).Problem!.Code);
        Assert.Equal("debate.no-training", (await world.Studio.Get<ModelDebates>().ListAsync(world.Scope, 30, DebateOrder.Chance, 1, Now)).Problem!.Code);

        var given = (await labels.GiveAsync(world.Scope, Horizon, list.Moment, shopper, LabelAnswer.WillBuy, "  asked for a quote ", Now)).Value;
        Assert.Equal(("asked for a quote", true), (given.Note, given.MayUndo));
        Assert.Equal("debate.already-labelled", (await labels.GiveAsync(world.Scope, Horizon, list.Moment, shopper, LabelAnswer.WillNotBuy, null, Now)).Problem!.Code);
        Assert.DoesNotContain((await world.Studio.Get<ModelDebates>().ListAsync(world.Scope, Horizon, DebateOrder.Chance, 1000, Now)).Value.Cases, one => one.ShopperId == shopper);

        var marketer = As(world, Role.Marketer);
        Assert.False((await labels.BookAsync(marketer, Horizon, Now)).Value.Labels[0].MayUndo);
        Assert.Equal("debate.label-of-another", (await labels.UndoAsync(marketer, given.Id, Now)).Problem!.Code);
        Assert.True((await labels.UndoAsync(As(world, Role.Analyst), given.Id, Now)).Succeeded);
        Assert.Equal("debate.label-not-found", (await labels.UndoAsync(world.Scope, given.Id, Now)).Problem!.Code);
        var trail = (await world.Studio.Get<AuditTrail>().ReadAsync(world.Scope, 10, Now)).Value;
        Assert.Equal(["label.undone", "label.given"], trail.Where(entry => entry.Action.StartsWith("label.", StringComparison.Ordinal)).Select(entry => entry.Action));
        Assert.DoesNotContain(trail, entry => entry.Target?.Contains(shopper, StringComparison.Ordinal) == true);
    }

    /// <summary>A shop whose insights are published and for which two quick kinds of models were trained.</summary>
    internal static async Task<PipelineWorld> TrainedAsync()
    {
        var world = await TrainingTests.PublishedAsync();
        await TrainAsync(world);
        return world;
    }

    private static async Task<TrainingReport> TrainAsync(PipelineWorld world)
    {
        var plan = await TrainingTests.PlanAsync(world) with { Families = [new PlannedFamily("bayes", int.MaxValue, 1, 1, 1, 1), new PlannedFamily("logistic", int.MaxValue, 1, 1, 1, 1)] };
        var asked = (await world.Studio.Get<Trainings>().StartAsync(world.Scope, new TrainingRequest(Horizon, plan), Now)).Value;
        using var stop = new CancellationTokenSource();
        var runner = Task.Run(() => world.Studio.Get<JobRunner>().RunAsync(stop.Token), Now);
        await world.Studio.Get<JobQueue>().WatchAsync(world.Scope, asked, Now).LastAsync(Now);

        await stop.CancelAsync();
        await runner;
        return (await world.Studio.Get<Trainings>().FindAsync(world.Scope, asked, Now)).Value.Report!;
    }

    private static async Task<ImmutableArray<Guid>> GiveAsync(PipelineWorld world, int count, LabelAnswer answer)
    {
        var list = (await world.Studio.Get<ModelDebates>().ListAsync(world.Scope, Horizon, DebateOrder.Chance, count, Now)).Value;
        var ids = ImmutableArray.CreateBuilder<Guid>();
        foreach (var one in list.Cases) ids.Add((await world.Studio.Get<ShopperLabels>().GiveAsync(world.Scope, Horizon, list.Moment, one.ShopperId, answer, null, Now)).Value.Id);
        return ids.ToImmutable();
    }

    private static async Task<LabelBook> BookAsync(PipelineWorld world) => (await world.Studio.Get<ShopperLabels>().BookAsync(world.Scope, Horizon, Now)).Value;

    private static async Task<IEnumerable<Guid>> TeachingAsync(PipelineWorld world) => (await world.Studio.Get<ShopperLabels>().TeachingAsync(world.Scope, Horizon, Now)).Select(label => label.Id);

    private static WorkspaceScope As(PipelineWorld world, Role role) => world.Scope with { Actor = new Actor(role.ToString(), Guid.NewGuid(), role) };

    private static async Task BuyAsync(PipelineWorld world, string shopper, DateTimeOffset at)
    {
        await using var session = await world.Warehouse.BeginAsync(Now);
        await session.ExecuteAsync(
            "insert into events (user_id, ts, event_type, item_id, category, price, quantity, import_id, source_line) values ($1, cast($2 as timestamp), 'purchase', 'i7', 'c2', 12, 1, 1, 9000000)", [shopper, at], Now);
        await session.CommitAsync(Now);
    }
}
