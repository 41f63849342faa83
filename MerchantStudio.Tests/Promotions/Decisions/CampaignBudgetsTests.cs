using System.Data.Common;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Promotions.Decisions;
using MerchantStudio.Tests.Promotions.Redemptions;
using MerchantStudio.Tests.Worlds;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Xunit;
using static MerchantStudio.Tests.Promotions.Redemptions.LedgerWorld;

namespace MerchantStudio.Tests.Promotions.Decisions;

public sealed class CampaignBudgetsTests
{
    [Fact, Trait("Row", "L2")]
    public async Task Budgets_and_who_carries_which_rule_are_read_by_one_statement_that_looks_the_shop_up()
    {
        await using var world = await OpenAsync(AppStateOn.Sqlite);
        await using var database = world.Databases.CreateDbContext();
        var rules = Enumerable.Range(0, 6).Select(number => TestRules.Live(Guid.NewGuid(), Tea, $"Rule {number}")).ToArray();
        foreach (var rule in rules) rule.Method = RuleMethod.Automatic;
        database.CouponRules.AddRange(rules);
        Campaign Add(string name, CampaignState state, Guid? rule, long? budget, int minute)
        {
            var campaign = new Campaign { Id = Guid.NewGuid(), WorkspaceId = Tea, Name = name, AudienceJson = ConditionJson.Write(Condition.Everybody), RuleId = rule, Currency = "EUR", BudgetMinor = budget, State = state, CreatedBy = "Nora", CreatedAt = Start.AddMinutes(minute) };
            database.Campaigns.Add(campaign);
            return campaign;
        }

        var late = Add("Late", CampaignState.Running, rules[0].Id, 100, 9);
        var early = Add("Early", CampaignState.Running, rules[0].Id, null, 1);
        late.Variants.Add(new CampaignVariantRow { CampaignId = late.Id, Number = 1, RuleId = rules[1].Id });
        late.Variants.Add(new CampaignVariantRow { CampaignId = late.Id, Number = 2, RuleId = null });
        var ended = Add("Ended", CampaignState.Ended, rules[2].Id, 200, 2);
        Add("Draft", CampaignState.Draft, rules[3].Id, 300, 3);
        var coded = Add("Coded", CampaignState.Running, rules[4].Id, 400, 4);
        (rules[4].Method, rules[5].Method) = (RuleMethod.Code, RuleMethod.Code);
        await database.SaveChangesAsync(Now);

        var counter = new Commands();
        await using var counted = new StudioDb(new DbContextOptionsBuilder<StudioDb>().UseSqlite(database.Database.GetConnectionString()).AddInterceptors(counter).Options);
        var budgets = await CampaignBudgets.ReadAsync(counted, Tea, Now);
        Assert.Equal(1, counter.Count);
        Assert.Equal([null, 100, null, null, null, null], rules.Select(rule => budgets.Of(rule, null)?.MostMinor));
        Assert.Equal([null, 200, 400], new[] { early, ended, coded }.Select(campaign => budgets.Of(rules[5], campaign.Id)?.MostMinor));
        Assert.Equal(early.Id, await CampaignBudgets.Carrying(database, Tea, rules[0].Id).Select(row => row.Id).FirstAsync(Now));

        await using var command = CampaignBudgets.Rows(database, Tea).CreateDbCommand();
        command.CommandText = $"explain query plan {command.CommandText}";
        await database.Database.OpenConnectionAsync(Now);
        await using var plan = await command.ExecuteReaderAsync(Now);
        var steps = new List<string>();
        while (await plan.ReadAsync(Now)) steps.Add(plan.GetString(3));
        Assert.Contains(steps, step => step.Contains("WorkspaceId=?", StringComparison.Ordinal));
        Assert.DoesNotContain(steps, step => step.StartsWith("SCAN", StringComparison.Ordinal));
    }

    private sealed class Commands : DbCommandInterceptor
    {
        public int Count { get; private set; }

        public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
        {
            Count++;
            return ValueTask.FromResult(result);
        }
    }
}
