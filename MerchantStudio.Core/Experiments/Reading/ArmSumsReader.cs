using System.Collections.Immutable;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Experiments.Reading;

/// <summary>Has the warehouse work out each person's outcome and add the arms up.</summary>
internal static class ArmSumsReader
{
    /// <summary>After the inputs are filled. Makes experiment_people.</summary>
    /// <param name="arms">How many there are beside the holdout.</param>
    /// <returns>The arms in their order, then the holdout.</returns>
    public static async Task<ImmutableArray<ArmSums>> ReadAsync(WarehouseSession session, int arms, DateTimeOffset asOf, int days, long scale, double cutPercentile, CancellationToken cancellationToken)
    {
        await session.ExecuteAsync(ReadingSql.People, [asOf, (long)days, (double)scale], cancellationToken).ConfigureAwait(false);
        var found = (await session.QueryAsync(ArmSumsSql.Text, row => (Arm: row.Int(0), Sums: Of(row)), [cutPercentile], cancellationToken).ConfigureAwait(false)).ToDictionary(row => row.Arm, row => row.Sums);
        return [.. Enumerable.Range(0, arms).Append(ExperimentSplit.HoldoutArm).Select(arm => found.GetValueOrDefault(arm, ArmSums.Nobody))];
    }

    private static ArmSums Of(WarehouseRow row)
    {
        var people = row.Long(1);
        return new ArmSums(people, row.Long(2), row.Long(3), row.Long(4), row.Long(5), row.Long(6), row.Long(7), row.Long(8), row.Long(9), Pair(10), Pair(15), new Sums(people, row.Double(20), row.Double(21)), Pair(22), row.Instant(27));

        PairSums Pair(int at) => new(people, row.Double(at), row.Double(at + 1), row.Double(at + 2), row.Double(at + 3), row.Double(at + 4));
    }
}
