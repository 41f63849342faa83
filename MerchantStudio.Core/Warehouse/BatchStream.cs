using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using MerchantStudio.Core.Native.DuckDb;

namespace MerchantStudio.Core.Warehouse;

/// <summary>Reads batches on a thread of their own, a few ahead of whoever takes them.</summary>
internal static class BatchStream
{
    private const int Ahead = 4;

    public static async IAsyncEnumerable<ColumnBatch> ReadAsync(
        DuckDbConnection connection, string sql, IReadOnlyList<object?> parameters, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var room = new SemaphoreSlim(Ahead);
        using var filled = new SemaphoreSlim(0);
        var batches = new ConcurrentQueue<ColumnBatch>();
        var reading = ConnectionWork.RunAsync(connection, () => Fill(connection, sql, parameters, batches, room, filled, leaving.Token), leaving.Token);
        try
        {
            while (true)
            {
                await filled.WaitAsync(cancellationToken).ConfigureAwait(false);
                if (!batches.TryDequeue(out var batch)) break;
                yield return batch;
                room.Release();
            }

            await reading.ConfigureAwait(false);
        }
        finally
        {
            // The reader must be off the connection before the connection goes to somebody else.
            await leaving.CancelAsync().ConfigureAwait(false);
            await ((Task)reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static int Fill(
        DuckDbConnection connection, string sql, IReadOnlyList<object?> parameters, ConcurrentQueue<ColumnBatch> batches, SemaphoreSlim room, SemaphoreSlim filled, CancellationToken cancellationToken)
    {
        try
        {
            var rows = 0;
            foreach (var batch in Statements.Batches(connection, sql, parameters))
            {
                room.Wait(cancellationToken);
                batches.Enqueue(batch);
                filled.Release();
                rows += batch.Rows;
            }

            return rows;
        }
        finally
        {
            filled.Release();   // one more than there are batches: the end, or an error
        }
    }
}
