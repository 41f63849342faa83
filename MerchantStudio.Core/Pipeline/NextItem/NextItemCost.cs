using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Collaborative;
using MerchantStudio.Core.Learning.Planning;
using MerchantStudio.Core.Pipeline.Training;

namespace MerchantStudio.Core.Pipeline.NextItem;

/// <summary>What a family takes, told from trainings on few histories.</summary>
internal static class NextItemCost
{
    /// <summary>A network is timed for so many epochs, so that setting it up weighs little.</summary>
    private const int TimedEpochs = 2;

    /// <summary>Histories that the time of judging is told from.</summary>
    private const int JudgedRows = 256;

    /// <summary>How often a blend goes through each change of its weights, as long as one of them helps.</summary>
    private const int Passes = 3;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(0.8);

    /// <param name="validation">As many for each history learnt from as in the training that is planned.</param>
    /// <param name="epochs">That a network will learn for.</param>
    public static FamilyCost Of(NextItemFamily family, ShopperSequences training, ShopperSequences validation, int items, int epochs, TimeProvider time, CancellationToken cancellationToken)
    {
        var timed = Math.Min(TimedEpochs, family.Epochs);
        ISequenceModel? last = null;
        var clock = QuietThread.TrialClock(time);
        var (fixedSeconds, perRow) = CostMeter.Measure(Fit, training.Count, Patience, time, clock);
        var more = (double)epochs / timed;
        return new FamilyCost(family.Key, 1, fixedSeconds * more, perRow * more, family.BytesPerRow, JudgingSeconds());

        int Fit(int count)
        {
            last = family.Fit(new NextItemWork(First(training, count), Judged(count), items, 1, timed, QuietThread.Workers, null, null), cancellationToken);
            return 1;
        }

        // On the products before the last, which are the validation rows, and on the last ones, of which there are as many.
        double JudgingSeconds()
        {
            var some = First(validation, Math.Min(validation.Count, JudgedRows));
            var started = clock.GetTimestamp();
            NextItemJudge.Of(last!, some, 1, QuietThread.Workers, cancellationToken);
            return 2 * clock.GetElapsedTime(started).TotalSeconds * NextItemJudge.Rows(validation) / some.Count;
        }

        ShopperSequences Judged(int count) => First(validation, Math.Min(validation.Count, Math.Max(2, (int)((long)count * validation.Count / training.Count))));
    }

    /// <summary>What weighing a part's scores for one history takes, told from a blend of two that are alike, so that each change is tried once.</summary>
    public static double SecondsPerWeighing(ShopperSequences validation, int items, TimeProvider time, CancellationToken cancellationToken)
    {
        var some = First(validation, Math.Min(validation.Count, JudgedRows));
        var part = PopularityTrainer.Train(some, items);
        var clock = QuietThread.TrialClock(time);
        Weigh();   // until then it is not compiled
        var started = clock.GetTimestamp();
        Weigh();
        return clock.GetElapsedTime(started).TotalSeconds / BlendTrainer.Weighings(2, some.Count, passes: 1);

        void Weigh() => new BlendTrainer(QuietThread.Workers).Train([part, part], some, NextItemJudge.Worths(items), 1, cancellationToken);
    }

    /// <param name="parts">What it blends.</param>
    /// <param name="rows">Histories to learn from.</param>
    /// <param name="judged">Those that its weights are chosen on, and as many that it is judged on.</param>
    public static PlannedFamily Blend(IReadOnlyCollection<FamilyCost> parts, int rows, int judged, int items, double secondsPerWeighing)
    {
        // It is judged by having each part score all those that the part was judged on; choosing the weights takes the half of them.
        var judging = parts.Sum(part => part.JudgingSeconds);
        var choosing = (judging / 2) + (secondsPerWeighing * BlendTrainer.Weighings(parts.Count, judged, Passes));
        return new PlannedFamily(NextItemFamilies.Blend, rows, 1, 1, choosing + judging, BlendTrainer.Megabytes(parts.Count, judged, items), judging);
    }

    private static ShopperSequences First(ShopperSequences sequences, int count) => new([.. Enumerable.Range(0, count).Select(row => sequences[row].ToArray())]);
}
