using MerchantStudio.Core.Access;
using MerchantStudio.Core.Experiments.Reading;

namespace MerchantStudio.Core.Experiments.Attribution;

/// <summary>
/// Discount money not wasted: people of a campaign's control group who bought did so without its offer; had they been offered it, each of their orders would have been given as much more as an order of
/// the others was given on the average. What they were given by other offers is taken off. Only experiments whose groups can be compared count, and only the control groups' own people: nobody is
/// counted who was merely not asked.
/// </summary>
internal static class NotWastedReader
{
    private const string Text = """
        select arm = -1, count(*), coalesce(sum(cast(orders as double)), 0), coalesce(sum(cast(discount as double)), 0), coalesce(sum(cast(orders as double) * orders), 0), coalesce(sum(cast(discount as double) * discount), 0),
               coalesce(sum(cast(orders as double) * discount), 0) from experiment_people group by 1
        """;

    public static async Task<NotWasted?> ReadAsync(WorkspaceScope scope, ExperimentReports reports, IReadOnlyList<ExperimentReading> readings, CancellationToken cancellationToken)
    {
        NotWasted? all = null;
        foreach (var reading in readings.Where(reading => reading is { Control: null, Experiment.CampaignId: not null } && !reading.Report.Split.IsBroken && reading.Report.Comparisons.Any(arm => arm.Verdict.Kind is VerdictKind.Paid or VerdictKind.DidNotPay or VerdictKind.NoDifference)))
        {
            var given = await reports.WithPeopleAsync<Given>(scope, reading.Experiment, async (session, _, _) =>
            {
                var sums = (await session.QueryAsync(Text, row => (Held: row.Boolean(0), Sums: new PairSums(row.Long(1), row.Double(2), row.Double(3), row.Double(4), row.Double(5), row.Double(6))), [], cancellationToken).ConfigureAwait(false)).ToDictionary(row => row.Held, row => row.Sums);
                return new Given(sums.GetValueOrDefault(false), sums.GetValueOrDefault(true));
            }, cancellationToken).ConfigureAwait(false);
            if (given is not { Treated: { X: > 0, Y: > 0 } treated, Held: { X: > 0 } control }) continue;
            var held = (long)control.X;
            var amount = Compare.Ratios(treated, control).Times(held);
            all = all is null ? new NotWasted(amount, held, 1) : new NotWasted(Add(all.AmountMinor, amount), all.Orders + held, all.Experiments + 1);
        }

        return all;
    }

    /// <summary>Experiments draw their people independently, so errors add as squares.</summary>
    private static Estimate Add(Estimate one, Estimate other) =>
        Estimate.Of(one.Value + other.Value, Math.Sqrt((one.StandardError * one.StandardError) + (other.StandardError * other.StandardError)), double.PositiveInfinity, one.Level);

    /// <summary>X orders, Y discount, of each person.</summary>
    private sealed record Given(PairSums Treated, PairSums Held);
}
