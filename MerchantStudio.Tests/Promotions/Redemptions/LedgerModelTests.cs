using System.Collections.Concurrent;
using MerchantStudio.Core.Promotions.Redemptions;
using MerchantStudio.Tests.Worlds;
using Xunit;
using static MerchantStudio.Tests.Promotions.Redemptions.LedgerWorld;

namespace MerchantStudio.Tests.Promotions.Redemptions;

/// <summary>Random uses and takings back against a model that knows nothing of databases, with every kind of limit at once and mixed amounts.</summary>
public sealed class LedgerModelTests
{
    private const long CampaignMinor = 60_000;
    private const int UsesEach = 3;
    private const int UsesOfCode = 40;
    private const int UsesOfDay = 12;
    private const long DayMinor = 40_000;
    private const long EachMinor = 12_000;
    private const int UsesOfLoyal = 9;
    private const long NewMinor = 20_000;
    private const int Days = 3;
    private static readonly string[] Shoppers = ["ann", "ben", "cem", "dan", "eva", "fay", "gil", "hue"];

    [Theory, Trait("Row", "R6")]
    [InlineData(1, AppStateOn.Sqlite)]
    [InlineData(2, AppStateOn.Postgres)]
    public Task The_ledger_does_what_the_model_does(int seed, AppStateOn on) => CompareAsync(seed, 200, on);

    [Fact(Explicit = true), Trait("Row", "R6"), Trait("Size", "Full")]
    public Task The_ledger_does_what_the_model_does_over_many_seeds() =>
        Parallel.ForEachAsync(Enumerable.Range(100, 200), Now, async (seed, _) => await CompareAsync(seed, 5_000, AppStateOn.Sqlite));

    [Theory, Trait("Row", "R6")]
    [InlineData(AppStateOn.Sqlite)]
    [InlineData(AppStateOn.Postgres)]
    public async Task Side_by_side_no_order_of_operations_breaks_a_limit_or_parts_counter_and_ledger(AppStateOn on)
    {
        await using var world = await OpenAsync(on);
        var written = new ConcurrentQueue<Guid>();
        var running = Enumerable.Range(0, 16).Select(worker => Task.Run(async () =>
        {
            var random = new Random(worker);
            for (var step = 0; step < 25; step++)
            {
                var drawn = Draw(random, 300);
                if (drawn.TakesBack && written.TryDequeue(out var id)) await world.Ledger.TakeBackAsync(Tea, id, "Nora", Now);
                else if (await world.Ledger.AddAsync(UseOf(drawn, $"{worker}-{step}"), Now) is LedgerAnswer.Written { Again: false } made) written.Enqueue(made.Row.Id);
            }
        })).ToList();
        while (running.Exists(task => !task.IsCompleted)) await world.CheckAsync(Every());
        await Task.WhenAll(running);
        await world.CheckAsync(Every());
    }

    private static async Task CompareAsync(int seed, int steps, AppStateOn on)
    {
        await using var world = await OpenAsync(on);
        var random = new Random(seed);
        var standing = new List<(Guid Id, Drawn Use)>();
        for (var step = 0; step < steps; step++)
        {
            var drawn = Draw(random, 60);
            if (drawn.TakesBack && standing.Count > 0)
            {
                var one = standing[random.Next(standing.Count)];
                standing.Remove(one);
                Assert.IsType<LedgerAnswer.Written>(await world.Ledger.TakeBackAsync(Tea, one.Id, "Nora", Now));
            }
            else
            {
                var expected = Expected(drawn, standing);
                var answer = await world.Ledger.AddAsync(UseOf(drawn, $"k{step}"), Now);
                Assert.Equal(expected, answer is LedgerAnswer.Refused refused ? refused.Reason : null);
                if (answer is LedgerAnswer.Written written) standing.Add((written.Row.Id, drawn));
            }

            if (step % 25 == 0) Assert.Equal((standing.Count, standing.Sum(one => one.Use.Cost)), await world.CheckAsync(Every()));
        }

        Assert.Equal((standing.Count, standing.Sum(one => one.Use.Cost)), await world.CheckAsync(Every()));
    }

    /// <summary>The first limit in the ledger's order that one more use would break.</summary>
    private static RefusalReason? Expected(Drawn drawn, List<(Guid Id, Drawn Use)> standing)
    {
        var uses = standing.ConvertAll(one => one.Use);
        var (day, own) = (uses.FindAll(use => use.Day == drawn.Day), uses.FindAll(use => use.Shopper == drawn.Shopper));
        return Spent(uses) + drawn.Cost > CampaignMinor ? RefusalReason.CampaignLimitReached
            : day.Count >= UsesOfDay || Spent(day) + drawn.Cost > DayMinor ? RefusalReason.DailyLimitReached
            : IsLoyal(drawn.Shopper) && uses.Count(use => IsLoyal(use.Shopper)) >= UsesOfLoyal ? RefusalReason.SegmentLimitReached
            : IsNew(drawn.Shopper) && Spent(uses.FindAll(use => IsNew(use.Shopper))) + drawn.Cost > NewMinor ? RefusalReason.SegmentLimitReached
            : own.Count >= UsesEach || Spent(own) + drawn.Cost > EachMinor ? RefusalReason.CustomerLimitReached
            : uses.Count >= UsesOfCode ? RefusalReason.CodeLimitReached
            : uses.Exists(use => use.Order == drawn.Order) ? RefusalReason.OrderAlreadyRedeemed : null;

        static long Spent(List<Drawn> uses) => uses.Sum(use => use.Cost);
    }

    // Two segments that share shoppers, and some who are in neither.
    private static bool IsLoyal(string shopper) => shopper is "ann" or "ben" or "cem";

    private static bool IsNew(string shopper) => shopper is "cem" or "dan";

    private static LedgerEntry UseOf(Drawn drawn, string key) => Use(key, drawn.Order, drawn.Cost, shopper: drawn.Shopper, limits: [.. Limits(drawn.Shopper, drawn.Day)]);

    private static IEnumerable<CounterLimit> Limits(string shopper, int day) =>
    [
        OfCampaign(CampaignMinor), OfDay(day, UsesOfDay, DayMinor), .. IsLoyal(shopper) ? [OfSegment("rfm:loyal", UsesOfLoyal, null)] : Array.Empty<CounterLimit>(),
        .. IsNew(shopper) ? [OfSegment("rfm:new", null, NewMinor)] : Array.Empty<CounterLimit>(), OfCustomer(shopper, UsesEach, EachMinor), OfCode("TEA", UsesOfCode),
    ];

    private static CounterLimit[] Every() => [.. Shoppers.SelectMany(shopper => Enumerable.Range(0, Days).SelectMany(day => Limits(shopper, day))).Distinct()];

    private static Drawn Draw(Random random, int orders) => new(random.Next(4) == 0, Shoppers[random.Next(Shoppers.Length)], $"o{random.Next(orders)}", random.Next(Days), random.Next(1, 9_000));

    private sealed record Drawn(bool TakesBack, string Shopper, string Order, int Day, long Cost);
}
