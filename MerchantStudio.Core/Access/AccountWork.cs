using MerchantStudio.Core.AppState;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace MerchantStudio.Core.Access;

/// <summary>Units of work on accounts: Identity and our own tables on the same context, so that both are committed together.</summary>
internal sealed class AccountWork(IServiceScopeFactory scopes)
{
    public async Task<T> ReadAsync<T>(Func<StudioDb, Task<T>> read)
    {
        var scope = scopes.CreateAsyncScope();
        await using var _ = scope.ConfigureAwait(false);
        return await read(scope.ServiceProvider.GetRequiredService<StudioDb>()).ConfigureAwait(false);
    }

    /// <summary>Runs in a transaction that is committed when <paramref name="work"/> says to keep it.</summary>
    public async Task<T> ChangeAsync<T>(Func<UserManager<StudioUser>, StudioDb, Task<(T Result, bool Keep)>> work, CancellationToken cancellationToken)
    {
        var scope = scopes.CreateAsyncScope();
        await using var _ = scope.ConfigureAwait(false);
        var db = scope.ServiceProvider.GetRequiredService<StudioDb>();
        var transaction = await db.Database.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await using var __ = transaction.ConfigureAwait(false);
        var (result, keep) = await work(scope.ServiceProvider.GetRequiredService<UserManager<StudioUser>>(), db).ConfigureAwait(false);
        if (keep) await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        return result;
    }
}
