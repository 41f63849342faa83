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
        const double SetUp = 0.02, PerVisit = 1e-4;
        const int Visits = 8_000;
        var clock = new ManualClock();
        var family = new SessionEndFamily("counted", 30, 8_000, Fit);
        var steps = new SessionSteps(["view"], [.. Enumerable.Range(0, Visits).Select(visit => new ShopperSession(DateTimeOffset.UnixEpoch.AddHours(visit), [1], visit % 2 == 0))]);
        var prefixes = SessionPrefixes.Draw(steps, 1);
        var cost = SessionEndCost.Of(family, prefixes, epochs, clock, TestContext.Current.CancellationToken);
        var rows = prefixes.Sides.Training.Length;
        Assert.Equal(epochs * (SetUp + (rows * PerVisit)), cost.Seconds(rows, 1), 1e-6);

        Outcome<SessionReader> Fit(SessionEndWork work, CancellationToken cancellationToken)
        {
            clock.Advance(work.Epochs * (SetUp + (work.Training.Length * PerVisit)));
            return new TooFewSessions(0, 0, 0);   // a trial that gives no model costs its time all the same
        }
    }
}
