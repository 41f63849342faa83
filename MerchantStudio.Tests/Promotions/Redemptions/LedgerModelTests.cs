using System.Collections.Concurrent;
using MerchantStudio.Core.Promotions.Redemptions;
using MerchantStudio.Tests.Worlds;
using Xunit;
using static MerchantStudio.Tests.Promotions.Redemptions.LedgerWorld;

namespace MerchantStudio.Tests.Promotions.Redemptions;

/// <summary>Random uses and takings back against a model that knows nothing of databases, with three limits at once and mixed amounts.</summary>
public sealed class LedgerModelTests
{
    private const long CampaignMinor = 60_000;
    private const int UsesEach = 3;
    private const int UsesOfCode = 40;
    private static readonly string[] Shoppers = ["ann", "ben", "cem", "dan", "eva", "fay", "gil", "hue"];

    [Theory, Trait("Row", "R6")]
    [InlineData(1, AppStateOn.Sqlite)]
    [InlineData(2, AppStateOn.Postgres)]
    public Task The_ledger_does_what_the_model_does(int seed, AppStateOn on) => CompareAsync(seed, 200, on);

    [Fact(Explicit = true), Trait("Row", "R6"), Trait("Size", "Full")]
    public async Task The_ledger_does_what_the_model_does_over_many_seeds()
    {
        for (var seed = 100; seed < 300; seed++) await CompareAsync(seed, 5_000, AppStateOn.Sqlite);
    }

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
        while (running.Exists(task => !task.IsCompleted)) await world.CheckAsync(Limits("ann"));
        await Task.WhenAll(running);
        foreach (var shopper in Shoppers) await world.CheckAsync(Limits(shopper));
    }

    private static async Task CompareAsync(int seed, int steps, AppStateOn on)
    {
        await using var world = await OpenAsync(on);
        var random = new Random(seed);
        var standing = new List<(Guid Id, string Shopper, string Order, long Cost)>();
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
                if (answer is LedgerAnswer.Written written) standing.Add((written.Row.Id, drawn.Shopper, drawn.Order, drawn.Cost));
            }

            if (step % 25 == 0) Assert.Equal((standing.Count, standing.Sum(one => one.Cost)), await world.CheckAsync(Limits(drawn.Shopper)));
        }

        Assert.Equal((standing.Count, standing.Sum(one => one.Cost)), await world.CheckAsync(Limits("ann")));
    }

    /// <summary>The first limit in the ledger's order that one more use would break.</summary>
    private static RefusalReason? Expected(Drawn drawn, List<(Guid Id, string Shopper, string Order, long Cost)> standing) =>
        standing.Sum(one => one.Cost) + drawn.Cost > CampaignMinor ? RefusalReason.CampaignLimitReached
        : standing.Count(one => one.Shopper == drawn.Shopper) >= UsesEach ? RefusalReason.CustomerLimitReached
        : standing.Count >= UsesOfCode ? RefusalReason.CodeLimitReached
        : standing.Exists(one => one.Order == drawn.Order) ? RefusalReason.OrderAlreadyRedeemed : null;

    private static LedgerEntry UseOf(Drawn drawn, string key) => Use(key, drawn.Order, drawn.Cost, shopper: drawn.Shopper, limits: [.. Limits(drawn.Shopper)]);

    private static CounterLimit[] Limits(string shopper) => [OfCampaign(CampaignMinor), OfCustomer(shopper, UsesEach), OfCode("TEA", UsesOfCode)];

    private static Drawn Draw(Random random, int orders) => new(random.Next(4) == 0, Shoppers[random.Next(Shoppers.Length)], $"o{random.Next(orders)}", random.Next(1, 9_000));

    private sealed record Drawn(bool TakesBack, string Shopper, string Order, long Cost);
}
