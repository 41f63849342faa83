using System.Data.Common;
using System.Globalization;
using MerchantStudio.Core.AppState;
using Microsoft.EntityFrameworkCore.Storage;

namespace MerchantStudio.Core.Promotions;

/// <summary>How often a code was used, and when last.</summary>
internal readonly record struct CodeCount(long Id, int Uses, DateTimeOffset? LastUsedAt)
{
    private const int RowsAtOnce = 200;

    /// <summary>Of one transaction: whoever redeems meanwhile waits no longer than for these.</summary>
    private const int RowsTogether = 5_000;

    /// <summary>Writes many counts by few statements: one by one a hundred thousand take twenty times as long.</summary>
    public static async Task WriteAsync(StudioDb database, IReadOnlyCollection<CodeCount> counts, CancellationToken cancellationToken)
    {
        foreach (var together in counts.Chunk(RowsTogether))
        {
            var transaction = await database.Database.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
            await using var _ = transaction.ConfigureAwait(false);
            foreach (var rows in together.Chunk(RowsAtOnce))
            {
                var command = CommandFor(transaction.GetDbTransaction(), rows);
                await using var __ = command.ConfigureAwait(false);
                await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            }

            await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private static DbCommand CommandFor(DbTransaction transaction, CodeCount[] rows)
    {
        var command = transaction.Connection!.CreateCommand();
        command.Transaction = transaction;

        // Nobody used a code before the year 1, so 0 stands for no use: a null among values has no type on PostgreSQL.
        var values = string.Join(", ", rows.Select((row, index) => string.Create(CultureInfo.InvariantCulture, $"({row.Id}, {row.Uses}, {row.LastUsedAt?.UtcTicks ?? 0})")));
        command.CommandText = $"""
            update "CouponCodes" set "Uses" = counted.column2, "LastUsedAt" = nullif(counted.column3, 0) from (values {values}) as counted where "CouponCodes"."Id" = counted.column1
            """;
        return command;
    }
}
