using MerchantStudio.Core.Pipeline.Debate;
using Xunit;

namespace MerchantStudio.Tests.Pipeline.Debate;

public sealed class DebateCaseTests
{
    [Theory]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public void A_model_that_gives_everybody_the_same_chance_disputes_nothing(bool tellsApart, bool isDivided)
    {
        DebateCase one = new("u1", 0.3, 0, [], [View("trees", chance: 0.4, tellsApart: true), View("gaussian", chance: 0.1, tellsApart)]);
        Assert.Equal(isDivided, one.IsDivided);
    }

    private static DebateView View(string family, double chance, bool tellsApart) => new(family, 1, chance, chance - 0.05, chance + 0.05, Threshold: 0.2, new SharedPlace(1, 1), tellsApart, []);
}
