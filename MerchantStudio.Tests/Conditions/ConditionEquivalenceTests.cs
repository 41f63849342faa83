using System.Collections.Immutable;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Tests.Warehouse;
using Xunit;

namespace MerchantStudio.Tests.Conditions;

public sealed class ConditionEquivalenceTests
{
    private const int Shoppers = 60;
    private const int TreesAQuery = 50;

    [Fact]
    public Task Random_trees_mean_the_same_shoppers_in_SQL_and_in_the_delegate() => CompareAsync(count: 2_000);

    [Fact(Explicit = true), Trait("Size", "Full")]
    public Task Ten_thousand_random_trees_mean_the_same_shoppers_in_SQL_and_in_the_delegate() => CompareAsync(count: 10_000);

    private static async Task CompareAsync(int count)
    {
        var ct = TestContext.Current.CancellationToken;
        ImmutableArray<Guid> saved = [Guid.Parse("00000000-0000-0000-0000-000000000001"), Guid.Parse("00000000-0000-0000-0000-000000000002")];
        var random = new RandomConditions(20260320, saved);
        ShopperFacts[] shoppers = [.. Enumerable.Range(0, Shoppers).Select(random.Facts), new ShopperFacts { UserId = "empty" }];
        var context = new ConditionContext(RandomConditions.AsOf, TimeZoneInfo.FindSystemTimeZoneById("Europe/Vienna"), new[]
        {
            new SavedCondition(saved[0], "one", new AnyOf([new InSegment(["rfm:loyal"]), new Comparison("spent", ConditionOperator.AtLeast, ["10"])])),
            new SavedCondition(saved[1], "two", new Not(new InSegment([$"saved:{saved[0]:D}"]))),
        }.ToImmutableDictionary(segment => segment.Id));
        await using var world = new WarehouseWorld();
        var warehouse = await world.OpenAsync();
        await ProfileTables.WriteAsync(warehouse, RandomConditions.AsOf, shoppers, ct);
        var members = 0L;
        for (var done = 0; done < count; done += TreesAQuery)
        {
            var columns = new List<string>();
            var parameters = new List<object?>();
            var trees = Enumerable.Range(0, TreesAQuery).Select(_ => random.Tree()).ToArray();
            foreach (var tree in trees)
            {
                Assert.Null(ConditionCheck.Against(tree, context));
                var clause = ConditionSql.Compile(tree, context, parameters.Count);
                columns.Add(clause.Text);
                parameters.AddRange(clause.Parameters);
            }

            var answers = await warehouse.QueryAsync($"select s.user_id, {string.Join(", ", columns)} from shopper_profile s",
                row => (UserId: row.Text(0)!, Fits: Enumerable.Range(1, TreesAQuery).Select(column => row.IsNull(column) ? (bool?)null : row.Boolean(column)).ToArray()), parameters, ct);
            Assert.Equal(shoppers.Length, answers.Length);
            var byId = answers.ToDictionary(answer => answer.UserId, answer => answer.Fits);
            for (var index = 0; index < trees.Length; index++)
            {
                var test = ConditionTest.Compile(trees[index], context);
                foreach (var shopper in shoppers)
                {
                    var expected = test(shopper);
                    if (expected) members++;
                    Assert.True(byId[shopper.UserId][index] == expected, $"{ConditionJson.Write(trees[index])} says {expected} of {shopper}, SQL {byId[shopper.UserId][index]}");
                }
            }
        }

        // Trees that fit nobody or everybody would prove little.
        Assert.InRange(members, (long)count * Shoppers / 5, (long)count * Shoppers * 4 / 5);
    }

    /// <summary>Whoever fits with some basket is in the audience that SQL reads before there is one.</summary>
    [Fact]
    public async Task The_audience_of_a_mixed_tree_leaves_out_nobody_who_can_still_fit()
    {
        var ct = TestContext.Current.CancellationToken;
        var random = new RandomConditions(20261123, [], basket: true, segments: false);
        ShopperFacts[] shoppers = [.. Enumerable.Range(0, 30).Select(random.Facts)];
        var context = new ConditionContext(RandomConditions.AsOf, TimeZoneInfo.Utc, ImmutableDictionary<Guid, SavedCondition>.Empty);
        await using var world = new WarehouseWorld();
        var warehouse = await world.OpenAsync();
        await ProfileTables.WriteAsync(warehouse, RandomConditions.AsOf, shoppers, ct);
        var (fitting, exact) = (0, 0);
        for (var round = 0; round < 20; round++)
        {
            var trees = Enumerable.Range(0, TreesAQuery).Select(_ => random.Tree()).ToArray();
            var columns = new List<string>();
            var parameters = new List<object?>();
            foreach (var tree in trees)
            {
                var clause = ConditionSql.Compile(tree, context, parameters.Count);
                columns.Add(clause.Text);
                parameters.AddRange(clause.Parameters);
            }

            var answers = (await warehouse.QueryAsync($"select s.user_id, {string.Join(", ", columns)} from shopper_profile s",
                row => (UserId: row.Text(0)!, Fits: Enumerable.Range(1, TreesAQuery).Select(row.Boolean).ToArray()), parameters, ct)).ToDictionary(answer => answer.UserId, answer => answer.Fits);
            for (var index = 0; index < trees.Length; index++)
            {
                var test = ConditionTest.Compile(trees[index], context);
                foreach (var shopper in shoppers)
                {
                    var possible = answers[shopper.UserId][index];
                    if (test(shopper))
                    {
                        fitting++;
                        Assert.True(possible, $"{ConditionJson.Write(trees[index])} fits {shopper.UserId}, but the audience leaves the shopper out");
                    }

                    if (!ConditionProjection.HasBasketLine(trees[index]))
                    {
                        exact++;
                        Assert.Equal(test(shopper), possible);
                    }
                }
            }
        }

        Assert.InRange(fitting, 3_000, 27_000);
        Assert.True(exact > 1_000);
    }

    [Fact]
    public void Every_tree_comes_back_from_its_JSON_and_can_be_said_in_both_languages()
    {
        ImmutableArray<Guid> saved = [Guid.Parse("00000000-0000-0000-0000-000000000001")];
        var random = new RandomConditions(7, saved, basket: true);
        for (var done = 0; done < 2_000; done++)
        {
            var tree = random.Tree();
            var json = ConditionJson.Write(tree);
            var read = ConditionJson.Read(json);
            Assert.True(read.Succeeded, read.Problem?.ToString());
            Assert.Equal(json, ConditionJson.Write(read.Value));
            Assert.NotEmpty(ConditionSentence.Clause(tree, new SentenceStyle(System.Globalization.CultureInfo.GetCultureInfo("en"), "EUR", key => key)));
            Assert.NotEmpty(ConditionSentence.Clause(tree, new SentenceStyle(System.Globalization.CultureInfo.GetCultureInfo("zh-CN"), "CNY", key => key)));
        }
    }
}
