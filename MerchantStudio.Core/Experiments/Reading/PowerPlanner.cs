using System.Collections.Immutable;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Experiments.Reading;

/// <param name="Audience">Who takes part; everybody for an experiment without an audience.</param>
/// <param name="GoalDays">How long orders count.</param>
/// <param name="HoldoutShare">Of all who take part, above 0 and below 1.</param>
/// <param name="LookOnce">Read once at its end instead of at any look.</param>
public sealed record PowerQuestion(Condition Audience, int GoalDays, double HoldoutShare, bool LookOnce);

/// <param name="Uplift">A rise to be found, 0.1 for a tenth.</param>
/// <param name="ForOrders">People needed in both groups to see it in the share who buy; null when nobody bought.</param>
/// <param name="ForRevenue">In revenue a person.</param>
/// <param name="Days">Until as many different shoppers came by for the orders, at the pace of the last four weeks; null when that takes more than two years.</param>
public sealed record PowerRow(double Uplift, long? ForOrders, long? ForRevenue, int? Days);

/// <summary>What the audience of a past moment did, and what an experiment could find with the audience of today.</summary>
/// <param name="From">That moment; its orders count to <paramref name="To"/>, the end of the data.</param>
/// <param name="PastPeople">In the audience then.</param>
/// <param name="PeopleNow">In the audience today.</param>
/// <param name="Buyers">Share of them who bought.</param>
/// <param name="RevenueMinor">A person, the few largest cut.</param>
/// <param name="SmallestOrders">Smallest rise in the share who buy that the audience of today can show; infinite when none can be.</param>
/// <param name="HasTodaysLines">The condition asks something that keeps no history and was read as of today.</param>
public sealed record PowerReading(
    PowerQuestion Question, DateTimeOffset From, DateTimeOffset To, long PastPeople, long PeopleNow, double Buyers, double RevenueMinor, ImmutableArray<PowerRow> Rows, double SmallestOrders, double SmallestRevenue, bool HasTodaysLines)
{
    /// <summary>People to plan with: as many as there are, or those that a tenth more buyers need where that is fewer.</summary>
    public long PlannedPeople => Math.Max(2, Math.Min(Math.Max(2, PeopleNow), Rows.FirstOrDefault(row => row.Uplift == PowerPlanner.UsualUplift)?.ForOrders ?? long.MaxValue));
}

/// <summary>Says how many people an experiment needs, from what the shop's own shoppers did.</summary>
public sealed class PowerPlanner(WarehouseRegistry warehouses, AudienceReader audiences)
{
    public const double UsualUplift = 0.1;
    private const int ReachDays = 28;

    /// <summary>Nobody waits longer, and no pace holds so long.</summary>
    private const int MostDays = 730;
    private static readonly ImmutableArray<double> Uplifts = [0.05, UsualUplift, 0.2];
    private static readonly ImmutableHashSet<string> Todays = ["intent_1", "intent_7", "intent_30", "sentiment", "top_category", "has_email", "email_consent"];

    public async Task<Outcome<PowerReading>> ReadAsync(WorkspaceScope scope, PowerQuestion question, string currency, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(question);
        if (question.GoalDays is < 1 or > ExperimentDraft.MostGoalDays) return ExperimentProblems.GoalDaysUnfit(ExperimentDraft.MostGoalDays);
        if (question.HoldoutShare is not (> 0 and < 1)) return ExperimentProblems.NobodyToCompare();
        if (!(await audiences.CountAsync(scope, question.Audience, cancellationToken).ConfigureAwait(false)).TryGet(out var now, out var problem)) return problem;
        if (!(await audiences.ContextAsync(scope, cancellationToken).ConfigureAwait(false)).TryGet(out var context, out problem)) return problem;
        var warehouse = await warehouses.OpenAsync(scope.Workspace, cancellationToken).ConfigureAwait(false);
        var session = await warehouse.BeginAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = session.ConfigureAwait(false);
        var end = await session.ScalarAsync<DateTimeOffset?>("select max(ts) from clean_events", [], cancellationToken).ConfigureAwait(false) ?? context.AsOf;
        var first = await session.ScalarAsync<DateTimeOffset?>("select min(ts) from clean_events", [], cancellationToken).ConfigureAwait(false) ?? end;
        var from = end.AddDays(-question.GoalDays);
        if (from.AddDays(-question.GoalDays) < first) return ExperimentProblems.PastTooShort(question.GoalDays * 2);
        var published = Sql.Identifier((await session.ScalarAsync<string>("select current_database()", [], cancellationToken).ConfigureAwait(false))!);
        await session.ExecuteAsync(PastAudienceSql.Moment, [from], cancellationToken).ConfigureAwait(false);
        await session.ExecuteAsync(PastAudienceSql.Views(published), [], cancellationToken).ConfigureAwait(false);
        await session.ExecuteAsync(PastAudienceSql.Profile(published), [], cancellationToken).ConfigureAwait(false);
        var clause = ConditionSql.Compile(question.Audience, context with { AsOf = from }, 1);
        var (people, bought, past) = (await session.QueryAsync(PastAudienceSql.Outcomes(published, clause.Text),
            row => (row.Long(0), row.Long(1), new PairSums(row.Long(0), row.Double(2), row.Double(3), row.Double(4), row.Double(5), row.Double(6))), [(long)question.GoalDays, .. clause.Parameters], cancellationToken).ConfigureAwait(false))[0];
        var reach = await ReachAsync(session, cancellationToken).ConfigureAwait(false);
        var treated = 1 - question.HoldoutShare;
        var (orders, revenue) = (people > 1 && bought > 0 ? new PowerPlan(Baseline.OfRate((double)bought / people), treated) : null, people > 1 && past.Y > 0 ? new PowerPlan(Baseline.WithBefore(past), treated) : null);
        var rows = Uplifts.Select(uplift =>
        {
            var needed = People(orders, uplift);
            return new PowerRow(uplift, needed, People(revenue, uplift), needed is { } all && PowerPlan.DaysFor(all, reach) is { } days and <= MostDays ? days : null);
        });
        var scale = (double)Shop.Money.Of(1, currency).Minor;
        return new PowerReading(question, from, end, people, now.Shoppers, people == 0 ? 0 : (double)bought / people, people == 0 ? 0 : past.Y / people * scale, [.. rows], Smallest(orders), Smallest(revenue), AsksForToday(question.Audience, context));

        long? People(PowerPlan? plan, double uplift)
        {
            var needed = plan?.PeopleFor(uplift).All * (question.LookOnce ? 1 : plan?.LookingCost);
            return needed is { } number and < 1e12 ? (long)Math.Ceiling(number) : null;
        }

        double Smallest(PowerPlan? plan) => plan?.SmallestUplift((long)(now.Shoppers / (question.LookOnce ? 1 : plan.LookingCost))) ?? double.PositiveInfinity;
    }

    /// <summary>Different shoppers who came by within the first 1, 2, 3… days of the last four weeks.</summary>
    private static async Task<long[]> ReachAsync(WarehouseSession session, CancellationToken cancellationToken)
    {
        var days = (await session.QueryAsync(PastAudienceSql.NewByDay, row => (Day: row.Int(0), Count: row.Long(1)), [], cancellationToken).ConfigureAwait(false)).ToDictionary(row => row.Day, row => row.Count);
        var (reach, all) = (new long[ReachDays], 0L);
        for (var day = 0; day < ReachDays; day++) reach[day] = all += days.GetValueOrDefault(day);
        return reach;
    }

    private static bool AsksForToday(Condition condition, ConditionContext context) => condition switch
    {
        AllOf { Parts: var parts } => parts.Any(part => AsksForToday(part, context)),
        AnyOf { Parts: var parts } => parts.Any(part => AsksForToday(part, context)),
        Not { Part: var part } => AsksForToday(part, context),
        Comparison comparison => Todays.Contains(comparison.Attribute),
        CategoryInterest => true,
        InSegment { Keys: var keys } => keys.Any(key => key.StartsWith("cluster:", StringComparison.Ordinal) || (key.Split(':') is ["saved", var id] && Guid.TryParse(id, out var saved) && context.Saved.TryGetValue(saved, out var named) && AsksForToday(named.Condition, context))),
        _ => false,
    };
}
