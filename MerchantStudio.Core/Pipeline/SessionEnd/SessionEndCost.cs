using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Planning;
using MerchantStudio.Core.Pipeline.Training;

namespace MerchantStudio.Core.Pipeline.SessionEnd;

/// <summary>What a family takes, told from trainings on few visits.</summary>
internal static class SessionEndCost
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(0.8);

    /// <param name="epochs">That a network will learn for; it is timed for one.</param>
    public static FamilyCost Of(SessionEndFamily family, SessionPrefixes prefixes, int epochs, TimeProvider time, CancellationToken cancellationToken)
    {
        var (training, validation) = (prefixes.Sides.Training, prefixes.Sides.Validation);
        SessionReader? last = null;
        var clock = QuietThread.TrialClock(time);
        var (fixedSeconds, perRow) = CostMeter.Measure(Fit, training.Length, Patience, time, clock);
        return new FamilyCost(family.Key, 1, fixedSeconds * epochs, perRow * epochs, family.BytesPerRow, JudgingSeconds());

        // As many validation rows for each visit learnt from as in the training that is planned: all of them each time would hide what the visits take.
        int Fit(int count)
        {
            var judged = Math.Clamp((int)((long)count * validation.Length / training.Length), 1, validation.Length);
            var rounds = new Rounds();
            var fitted = family.Fit(new SessionEndWork(prefixes.Kinds, training[..count], validation[..judged], 1, 1, QuietThread.Workers, null, rounds), cancellationToken);
            if (fitted.TryGet(out var reader, out _)) last = reader;   // so few visits may all end alike; larger trials follow
            return Math.Max(1, rounds.Count);
        }

        // Apart from the epochs, of which there are many.
        double JudgingSeconds()
        {
            var started = clock.GetTimestamp();
            last?.Raw(SessionEndWork.Steps(validation));
            return 3 * clock.GetElapsedTime(started).TotalSeconds;
        }
    }

    private sealed class Rounds : IProgress<LearningStep>
    {
        public int Count { get; private set; }

        public void Report(LearningStep value) => Count++;
    }
}
