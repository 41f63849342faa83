using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Experiments.Reading;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Shop;
using MerchantStudio.Core.Warehouse;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Experiments.Attribution;

/// <summary>Sets what the usual rules of thumb credit a campaign with beside what its control group says that it brought.</summary>
public sealed class AttributionReader(IDbContextFactory<StudioDb> databases, WarehouseRegistry warehouses, ExperimentStore store, ExperimentReports reports, TimeProvider time)
{
    public const int UsualDays = 90;
    private const string CampaignPrefix = "campaign:";
    private const string RulePrefix = "rule:";
    private const string VisitPrefix = "visit:";

    /// <summary>Between a link's source and its campaign.</summary>
    private const char Between = '\u001f';

    /// <param name="days">Of orders, back from the end of the data; 1 to 730.</param>
    /// <returns>Null before the first run of the pipeline.</returns>
    public async Task<Outcome<AttributionReading?>> ReadAsync(WorkspaceScope scope, int days, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentOutOfRangeException.ThrowIfLessThan(days, 1);
        if (scope.Refusal(Right.ReadFigures) is { } refusal) return refusal;
        if (!(await store.ListAsync(scope, cancellationToken).ConfigureAwait(false)).TryGet(out var experiments, out var problem)) return problem;
        var warehouse = await warehouses.OpenAsync(scope.Workspace, cancellationToken).ConfigureAwait(false);
        if (!await warehouse.HasTableAsync("paid_orders", cancellationToken).ConfigureAwait(false) || !await warehouse.HasTableAsync("clean_events", cancellationToken).ConfigureAwait(false)) return (AttributionReading?)null;
        var readings = new List<ExperimentReading>();
        foreach (var experiment in experiments.Where(experiment => experiment.State != ExperimentState.Draft))
        {
            var read = await reports.ReadAsync(scope, experiment.Id, cancellationToken).ConfigureAwait(false);
            if (read.Succeeded) readings.Add(read.Value);
        }

        var database = await databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = database.ConfigureAwait(false);
        var currency = await database.Workspaces.Where(shop => shop.Id == scope.Workspace).Select(shop => shop.Currency).SingleAsync(cancellationToken).ConfigureAwait(false);
        var session = await warehouse.BeginAsync(cancellationToken).ConfigureAwait(false);
        await using var __ = session.ConfigureAwait(false);
        var end = await session.ScalarAsync<DateTimeOffset?>("select max(ts) from clean_events", [], cancellationToken).ConfigureAwait(false) ?? time.GetUtcNow();
        var (from, to, scale) = (end.AddDays(-days), end.AddTicks(TimeSpan.TicksPerMillisecond), Math.Pow(10, Money.Decimals(currency)));
        await AttributionInputs.FillAsync(database, session, scope.Workspace, from.AddDays(-AttributionReading.MessageDays), CampaignPrefix, RulePrefix, cancellationToken).ConfigureAwait(false);
        var shares = await session.QueryAsync(AttributionSql.Shares,
            row => (Source: row.Text(0)!, Touched: row.Long(1), Last: new Credited(row.Double(2), row.Double(3), row.Double(4)), Position: new Credited(row.Double(5), row.Double(6), row.Double(7))),
            [from, to, (long)AttributionReading.MessageDays, scale], cancellationToken).ConfigureAwait(false);
        var (orders, revenue) = (await session.QueryAsync(AttributionSql.Period, row => (row.Long(0), row.Double(1)), [from, to, scale], cancellationToken).ConfigureAwait(false))[0];
        var links = await session.ScalarAsync<bool?>(AttributionSql.HasLinks, [], cancellationToken).ConfigureAwait(false);
        var rules = await database.CouponRules.Where(rule => rule.WorkspaceId == scope.Workspace).ToDictionaryAsync(rule => rule.Id, rule => rule.Name, cancellationToken).ConfigureAwait(false);
        var campaigns = await database.Campaigns.Where(campaign => campaign.WorkspaceId == scope.Workspace).ToDictionaryAsync(campaign => campaign.Id, campaign => campaign.Name, cancellationToken).ConfigureAwait(false);
        var sources = shares.Select(share => Source(share.Source, share.Touched, share.Last, share.Position)).ToList();

        // Who was measured but touched no order is shown too: silence would look like success elsewhere.
        sources.AddRange(readings.Where(reading => reading.Experiment.CampaignId is { } campaign && sources.TrueForAll(source => source.CampaignId != campaign)).GroupBy(reading => reading.Experiment.CampaignId!.Value)
            .Select(group => Source(CampaignPrefix + group.Key.ToString("D"), 0, new Credited(0, 0, 0), new Credited(0, 0, 0))));
        return new AttributionReading(from, end, orders, revenue, currency, [.. sources], await NotWastedReader.ReadAsync(scope, reports, readings, cancellationToken).ConfigureAwait(false)) { KnowsLinks = links == true };

        AttributedSource Source(string key, long touched, Credited last, Credited position)
        {
            if (key.StartsWith(VisitPrefix, StringComparison.Ordinal))
            {
                var parts = key[VisitPrefix.Length..].Split(Between, 2);
                return new AttributedSource(null, null, "", touched, last, position, null) { Link = new VisitLink(parts[0], parts.ElementAtOrDefault(1) ?? "") };
            }

            var campaign = key.StartsWith(CampaignPrefix, StringComparison.Ordinal) ? Guid.Parse(key[CampaignPrefix.Length..]) : (Guid?)null;
            var rule = campaign is null ? Guid.Parse(key[RulePrefix.Length..]) : (Guid?)null;
            var own = readings.FirstOrDefault(reading => campaign is not null && reading.Experiment.CampaignId == campaign);
            var name = (campaign is { } sent ? campaigns.GetValueOrDefault(sent) : rule is { } id ? rules.GetValueOrDefault(id) : null) ?? own?.Experiment.Name ?? "";
            return new AttributedSource(campaign, rule, name, touched, last, position, own is null ? null : TruthOf(own));
        }
    }

    /// <summary>All arms together: what each brought over its people. Null while an arm or the control group is too small.</summary>
    internal static HoldoutTruth? TruthOf(ExperimentReading reading)
    {
        var compared = reading.Report.Comparisons;
        if (compared.IsEmpty || reading.Report.Split.IsBroken) return null;
        var once = reading.Experiment.LookOnce;
        var revenue = compared.Select(arm => (once ? arm.Revenue.Difference : arm.RevenueAtAnyLook).Times(People(arm))).Aggregate(Sum);
        var profit = compared.Select(arm => (once ? arm.Profit.Difference : arm.ProfitAtAnyLook).Times(People(arm))).Aggregate(Sum);
        return new HoldoutTruth(reading.Experiment.Id, compared.Min(arm => Order(arm.Verdict.Kind)) switch { 0 => VerdictKind.Paid, 1 => VerdictKind.DidNotPay, 2 => VerdictKind.NoDifference, _ => VerdictKind.TooEarly }, revenue, profit, compared.Sum(People));

        long People(ArmComparison arm) => reading.Report.Arms[arm.Arm].Sums.People;

        static int Order(VerdictKind kind) => kind switch { VerdictKind.Paid => 0, VerdictKind.DidNotPay => 1, VerdictKind.NoDifference => 2, _ => 3 };
    }

    /// <summary>Ends are added as they are: arms share their control group, so that they err together.</summary>
    private static Estimate Sum(Estimate one, Estimate other) => one with
    {
        Value = one.Value + other.Value,
        StandardError = one.StandardError + other.StandardError,
        Interval = new(one.Interval.Low + other.Interval.Low, one.Interval.High + other.Interval.High),
        PValue = double.NaN,
    };
}
