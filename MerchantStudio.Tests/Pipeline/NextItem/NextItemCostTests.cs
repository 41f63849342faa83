using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Collaborative;
using MerchantStudio.Core.Learning.Planning;
using MerchantStudio.Core.Pipeline.NextItem;
using MerchantStudio.Tests.Learning.Planning;
using Xunit;

namespace MerchantStudio.Tests.Pipeline.NextItem;

/// <summary>Work is counted instead of timed: so many seconds for each history, epoch and answer.</summary>
public sealed class NextItemCostTests
{
    private const double SetUp = 0.02;
    private const double PerEpoch = 0.004;
    private const double PerHistory = 2e-5;
    private const double PerValidated = 1e-5;
    private const double PerScore = 4e-5;

    private static readonly ShopperSequences Training = new([.. Enumerable.Range(0, 8_000).Select(row => new[] { 1 + (row % 3), 2 })]);
    private static readonly ShopperSequences Validation = new([.. Enumerable.Range(0, 7_000).Select(row => new[] { 1 + (row % 3), 2, 3 })]);

    [Theory]
    [InlineData(30, 20)]
    [InlineData(1, 1)]
    public void A_family_is_planned_with_what_its_usual_epochs_take_and_with_judging_it_once(int epochs, int usualEpochs)
    {
        var clock = new ManualClock();
        var family = new NextItemFamily("counted", true, epochs, usualEpochs, 2_000, Fit);
        var cost = NextItemCost.Of(family, Training, Validation, 3, usualEpochs, clock, TestContext.Current.CancellationToken);
        var before = clock.Seconds;
        var model = Fit(new NextItemWork(Training, Validation, 3, 1, usualEpochs, 1, null, null), TestContext.Current.CancellationToken);
        var fitted = clock.Seconds - before;
        NextItemJudge.Of(model, Validation, 1, 1, TestContext.Current.CancellationToken);
        NextItemJudge.Of(model, Validation, 1, 1, TestContext.Current.CancellationToken);
        var judged = clock.Seconds - before - fitted;
        Assert.Equal(judged, cost.JudgingSeconds, judged * 0.01);
        Assert.InRange(cost.Seconds(Training.Count, 1) - cost.JudgingSeconds, fitted, 1.1 * (fitted + (SetUp * usualEpochs / 2)));

        ISequenceModel Fit(NextItemWork work, CancellationToken cancellationToken)
        {
            var cold = clock.Seconds < 0.4 ? 5 : 1;
            clock.Advance(cold * (SetUp + (work.Epochs * (PerEpoch + (work.Training.Count * PerHistory) + (work.Validation.Count * PerValidated)))));
            return new Counted(clock);
        }
    }

    [Fact]
    public void A_blend_is_planned_with_what_its_parts_take_to_score_and_with_judging_it()
    {
        var clock = new ManualClock();
        var cost = new FamilyCost("counted", 1, 0, 0, 0, 2 * PerScore * NextItemJudge.Rows(Validation));
        var planned = NextItemCost.Blend([cost, cost], Training.Count, Validation.Count, 3, secondsPerWeighing: 0);
        var (blend, _) = new BlendTrainer(1).Train([new Counted(clock), new Counted(clock)], Validation, NextItemJudge.Worths(3), 1, TestContext.Current.CancellationToken);
        var chosen = clock.Seconds;
        for (var side = 0; side < 2; side++) NextItemJudge.Of(blend, Validation, 1, 1, TestContext.Current.CancellationToken);
        Assert.Equal(clock.Seconds - chosen, planned.JudgingSeconds, 6);
        Assert.InRange(planned.Seconds, clock.Seconds, 1.2 * clock.Seconds);
        Assert.InRange(NextItemCost.SecondsPerWeighing(Validation, 3, TimeProvider.System, TestContext.Current.CancellationToken), 1e-12, 1e-3);
    }

    private sealed class Counted(ManualClock clock) : ISequenceModel
    {
        public string Family => "counted";

        public int Ids => 3;

        public float[] Score(ReadOnlySpan<int> history)
        {
            clock.Advance(PerScore);
            return [1, 2, 3];
        }

        public void Save(Stream stream) => throw new NotSupportedException("It is never kept.");
    }
}
