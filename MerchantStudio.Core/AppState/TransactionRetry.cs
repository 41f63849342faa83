using MerchantStudio.Core.Outcomes;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.AppState;

/// <summary>Runs a transaction, and again where it lost a race against another one.</summary>
/// <remarks>Only a fault after which the database kept nothing leads to another attempt. A connection that breaks at the commit does not: whether it was carried out is unknown then.</remarks>
public static class TransactionRetry
{
    public const int MostAttempts = 5;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(5);

    /// <summary>Carries <paramref name="work"/> out in one transaction: committed when it succeeds, rolled back when it answers with a problem or throws.</summary>
    /// <param name="work">Reads and writes through the context it is given, which is new at each attempt; it must have no effect outside of it.</param>
    /// <exception cref="TransactionLostException">Every one of the <see cref="MostAttempts"/> attempts lost; nothing was changed.</exception>
    /// <remarks>On SQLite the transaction is a writer's from its start (IMMEDIATE), so what it reads stays as it is. On PostgreSQL it is READ COMMITTED: what must not change
    /// meanwhile is locked (SELECT ... FOR UPDATE) or checked by the statement that writes.</remarks>
    public static async Task<Outcome<T>> RunAsync<T>(this IDbContextFactory<StudioDb> contexts, Func<StudioDb, CancellationToken, Task<Outcome<T>>> work, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(contexts);
        ArgumentNullException.ThrowIfNull(work);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await OnceAsync(contexts, work, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception fault) when (DatabaseFault.IsLostRace(fault))
            {
                if (attempt == MostAttempts) throw new TransactionLostException(fault);
            }

            // Twice as long each time: those who collided would else collide again.
            await Task.Delay(FirstPause * (1 << attempt), cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task<Outcome<T>> OnceAsync<T>(IDbContextFactory<StudioDb> contexts, Func<StudioDb, CancellationToken, Task<Outcome<T>>> work, CancellationToken cancellationToken)
    {
        var db = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        var transaction = await db.Database.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await using var __ = transaction.ConfigureAwait(false);
        var outcome = await work(db, cancellationToken).ConfigureAwait(false);
        if (outcome.Succeeded) await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        return outcome;
    }
}

/// <summary>A change met others at each attempt; nothing of it was kept.</summary>
public sealed class TransactionLostException(Exception last) : Exception($"A transaction lost {TransactionRetry.MostAttempts} races in a row.", last), IExplained
{
    public Problem? Problem { get; } = new DatabaseContended();
}

public sealed record DatabaseContended()
    : Problem("data.contended", "Others kept changing the same data at the same moment. Nothing of this was kept; try again in a moment.");
