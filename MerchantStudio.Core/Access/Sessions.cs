using MerchantStudio.Core.AppState;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Access;

/// <summary>Sign-ins that ended: signing out kills the cookie itself, not only this browser's copy of it.</summary>
public sealed class Sessions(IDbContextFactory<StudioDb> contexts, TimeProvider clock)
{
    /// <summary>No cookie lives longer.</summary>
    public static TimeSpan Longest { get; } = TimeSpan.FromDays(7);

    public async Task EndAsync(string session, CancellationToken cancellationToken)
    {
        var db = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        var old = clock.GetUtcNow() - Longest - TimeSpan.FromDays(1);
        await db.EndedSessions.Where(row => row.EndedAt < old).ExecuteDeleteAsync(cancellationToken).ConfigureAwait(false);
        if (await db.EndedSessions.AnyAsync(row => row.Id == session, cancellationToken).ConfigureAwait(false)) return;
        db.EndedSessions.Add(new EndedSession { Id = session, EndedAt = clock.GetUtcNow() });
        await db.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
    }

    public async Task<bool> HasEndedAsync(string session, CancellationToken cancellationToken)
    {
        var db = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        return await db.EndedSessions.AnyAsync(row => row.Id == session, cancellationToken).ConfigureAwait(false);
    }
}
