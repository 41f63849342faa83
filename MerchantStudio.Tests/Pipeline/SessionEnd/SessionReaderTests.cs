using System.Collections.Immutable;
using MerchantStudio.Core.Insights.Intent;
using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Networks;
using MerchantStudio.Core.Pipeline.SessionEnd;
using MerchantStudio.Tests.Learning;
using Xunit;

namespace MerchantStudio.Tests.Pipeline.SessionEnd;

/// <summary>What every family says of why a visit ends in a purchase.</summary>
public sealed class SessionReaderTests
{
    private static readonly ImmutableArray<string> Kinds = ["view", "search", "add_to_cart"];

    public static TheoryData<string> Families => [.. SessionEndFamilies.All.Select(family => family.Key)];

    [Theory]
    [MemberData(nameof(Families))]
    public void Kinds_and_bias_sum_to_the_log_odds_and_what_makes_her_buy_counts_most(string key)
    {
        var (training, validation) = (Visits(600, 1), Visits(200, 2));
        var work = new SessionEndWork(Kinds, training, validation, Seed: 1, Epochs: 8, Threads: 2, null, null);
        var reader = SessionEndFamilies.Find(key)!.Fit(work, TestContext.Current.CancellationToken).Value;
        foreach (var visit in validation.Take(50))
        {
            var contributions = reader.Explain(visit.Steps);
            Assert.Equal(Kinds.Length + 1, contributions.Length);
            Assert.Equal(LearningWorld.LogOdds(reader.Raw([visit.Steps])[0]), contributions.Sum(), IntegratedGradients.Tolerance);
        }

        var model = new SessionEndModel(Kinds, reader, ChanceScale.Fit(reader.Raw(SessionEndWork.Steps(validation)), work.ValidationY, 1));
        var reasons = model.Reasons(["view", "gift_wrap", "view", "add_to_cart"]);
        Assert.Equal(("add_to_cart", 1), (reasons[0].Kind, reasons[0].Events));
        Assert.True(reasons[0].Points > 10, $"{reasons[0]}");
        Assert.Equal(reasons.OrderByDescending(reason => Math.Abs(reason.Points)), reasons);
        Assert.All(reasons, reason => Assert.Equal(reason.Kind switch { "view" => 2, "search" => 0, _ => 1 }, reason.Events));
        Assert.Empty(model.Reasons(["gift_wrap"]));
        Assert.Empty(model.Reasons([]));
    }

    /// <summary>Who has put something into the basket last mostly buys; how often she did says nothing.</summary>
    private static ImmutableArray<SessionPrefix> Visits(int count, ulong seed)
    {
        var random = new SeededRandom(seed);
        var visits = ImmutableArray.CreateBuilder<SessionPrefix>(count);
        for (var visit = 0; visit < count; visit++)
        {
            int[] steps = [.. Enumerable.Range(0, 1 + random.NextInt(5)).Select(_ => 1 + random.NextInt(Kinds.Length))];
            visits.Add(new SessionPrefix(DateTimeOffset.UnixEpoch.AddHours(visit), steps, random.NextDouble() < (steps[^1] == 3 ? 0.85 : 0.1) ? 1 : 0));
        }

        return visits.ToImmutable();
    }
}
