using System.Collections.Immutable;
using System.Text.Json;
using MerchantStudio.Core.Insights.Intent;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Pipeline;

/// <summary>The table of chances: one row a shopper and horizon.</summary>
internal static class IntentScoreTable
{
    public static async Task CreateAsync(WarehouseSession session, string table, CancellationToken cancellationToken)
    {
        var name = Sql.Identifier(table);
        await session.ExecuteAsync(
            $"drop table if exists {name}; create table {name}(user_id VARCHAR, horizon_days INTEGER, probability DOUBLE, low DOUBLE, high DOUBLE, reasons VARCHAR)",
            [], cancellationToken).ConfigureAwait(false);
    }

    public static void Append(WarehouseSession session, string table, int horizonDays, ImmutableArray<string> users, ImmutableArray<IntentScore> scores)
    {
        using var rows = session.Append(table, "user_id", "horizon_days", "probability", "low", "high", "reasons");
        for (var i = 0; i < users.Length; i++)
        {
            rows.Text(0, users[i]);
            rows.Int(1, horizonDays);
            rows.Double(2, scores[i].Probability);
            rows.Double(3, scores[i].Low);
            rows.Double(4, scores[i].High);
            rows.Text(5, JsonSerializer.Serialize(scores[i].Reasons, PipelineJson.Options));
            rows.EndRow();
        }

        rows.Complete();
    }
}
