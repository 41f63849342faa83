using System.Collections.Concurrent;
using System.Data.Common;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Outcomes;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Promotions.Redemptions;

/// <summary>
/// The one way into the ledger: works wait in line, whoever comes first carries out all that wait in one transaction, so that one sync to the disk serves many.
/// Each work stands behind a savepoint of its own. Nobody is answered before the commit.
/// </summary>
internal sealed class LedgerQueue(IDbContextFactory<StudioDb> databases) : IDisposable
{
    private const int MostAtOnce = 64;
    private const string Savepoint = "one";
    private readonly ConcurrentQueue<Waiting> _waiting = new();
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <param name="order">Works of one transaction are done in this order, so that two processes lock rows in the same one.</param>
    /// <param name="work">May run more than once; what it wrote before is gone then. Gives false with its answer to have all it wrote undone.</param>
    public async Task<LedgerAnswer> RunAsync(string order, Func<StudioDb, CancellationToken, Task<(bool Keep, LedgerAnswer Answer)>> work, CancellationToken cancellationToken)
    {
        var mine = new Waiting(order, work);
        _waiting.Enqueue(mine);
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // Once begun it is carried through: those who wait with it have not cancelled.
            while (!mine.Done.Task.IsCompleted) await CarryOutAsync(Take()).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }

        return await mine.Done.Task.ConfigureAwait(false);
    }

    public void Dispose() => _turn.Dispose();

    private List<Waiting> Take()
    {
        var batch = new List<Waiting>(MostAtOnce);
        while (batch.Count < MostAtOnce && _waiting.TryDequeue(out var next)) batch.Add(next);
        batch.Sort((one, other) => string.CompareOrdinal(one.Order, other.Order));
        return batch;
    }

    private async Task CarryOutAsync(List<Waiting> batch)
    {
        try
        {
            await databases.RunAsync(TryAsync, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception fault)
        {
            if (batch.Count == 1) batch[0].Done.TrySetException(fault);

            // One that the database refuses must not take its neighbours with it.
            else foreach (var one in batch) await CarryOutAsync([one]).ConfigureAwait(false);
            return;
        }

        foreach (var one in batch) one.Settle();

        async Task<Outcome<Done>> TryAsync(StudioDb database, CancellationToken cancellationToken)
        {
            foreach (var one in batch) await OneAsync(one, database, cancellationToken).ConfigureAwait(false);
            return new Done();
        }
    }

    private static async Task OneAsync(Waiting one, StudioDb database, CancellationToken cancellationToken)
    {
        var transaction = database.Database.CurrentTransaction!;
        await transaction.CreateSavepointAsync(Savepoint, cancellationToken).ConfigureAwait(false);
        var keep = false;
        try
        {
            (keep, one.Answer) = await one.Work(database, cancellationToken).ConfigureAwait(false);
            one.Fault = null;
        }
        catch (Exception fault) when (fault is not DbException)
        {
            one.Fault = fault;
        }

        if (!keep) await transaction.RollbackToSavepointAsync(Savepoint, cancellationToken).ConfigureAwait(false);
        await transaction.ReleaseSavepointAsync(Savepoint, cancellationToken).ConfigureAwait(false);
    }

    private sealed class Waiting(string order, Func<StudioDb, CancellationToken, Task<(bool Keep, LedgerAnswer Answer)>> work)
    {
        public string Order { get; } = order;
        public Func<StudioDb, CancellationToken, Task<(bool Keep, LedgerAnswer Answer)>> Work { get; } = work;
        public TaskCompletionSource<LedgerAnswer> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
        public LedgerAnswer? Answer { get; set; }
        public Exception? Fault { get; set; }

        public void Settle()
        {
            if (Fault is not null) Done.TrySetException(Fault);
            else Done.TrySetResult(Answer!);
        }
    }
}
