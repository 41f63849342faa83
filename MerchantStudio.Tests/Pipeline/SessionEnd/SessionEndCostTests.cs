using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Pipeline.SessionEnd;
using MerchantStudio.Tests.Learning.Planning;
using Xunit;

namespace MerchantStudio.Tests.Pipeline.SessionEnd;

/// <summary>Work is counted instead of timed.</summary>
public sealed class SessionEndCostTests
{
    [Theory]
    [InlineData(30)]
    [InlineData(12)]
    [InlineData(1)]
    public void A_family_is_planned_with_the_epochs_that_it_will_learn_for(int epochs)
    {
        const double SetUp = 0.02, PerVisit = 1e-4, PerValidated = 3e-5;
        const int Visits = 8_000, Rounds = 5;
        var clock = new ManualClock();
        var steps = new SessionSteps(["view"], [.. Enumerable.Range(0, Visits).Select(visit => new ShopperSession(DateTimeOffset.UnixEpoch.AddHours(visit), [1], visit % 2 == 0))]);
        var prefixes = SessionPrefixes.Draw(steps, 1);
        var family = new SessionEndFamily("counted", 30, 8_000, Fit);
        var cost = SessionEndCost.Of(family, prefixes, epochs, clock, TestContext.Current.CancellationToken);
        var rows = prefixes.Sides.Training.Length;
        var expected = epochs * Rounds * (SetUp + (rows * PerVisit) + (prefixes.Sides.Validation.Length * PerValidated));
        Assert.Equal(expected, cost.Seconds(rows, 1), 0.001 * expected);   // validation rows are counted in whole numbers

        Outcome<SessionReader> Fit(SessionEndWork work, CancellationToken cancellationToken)
        {
            Assert.Equal(prefixes.Sides.Validation.Length * work.Training.Length / prefixes.Sides.Training.Length, work.Validation.Length);
            var rounds = work.Training.Length < 1_000 ? 2 : Rounds;   // a short trial stops sooner
            for (var round = 1; round <= rounds; round++) work.Progress!.Report(new LearningStep(round, Rounds, 0, 0));
            clock.Advance(work.Epochs * rounds * (SetUp + (work.Training.Length * PerVisit) + (work.Validation.Length * PerValidated)));
            return new TooFewSessions(0, 0, 0);   // a trial that gives no model costs its time all the same
        }
    }
}
