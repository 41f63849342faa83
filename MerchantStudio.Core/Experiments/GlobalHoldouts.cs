using System.Collections.Immutable;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Shop;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Experiments;

/// <summary>The share held back from all campaigns from a moment on.</summary>
public sealed record HoldoutChange(int BasisPoints, string By, DateTimeOffset At);

/// <param name="Current">Null while nobody is held back.</param>
/// <param name="History">Newest first.</param>
public sealed record HoldoutView(GlobalHoldout? Current, ImmutableArray<HoldoutChange> History);

/// <summary>Who is held back from all campaigns, and who decided that when.</summary>
public sealed class GlobalHoldouts(IDbContextFactory<StudioDb> databases, AuditTrail audit, TimeProvider time)
{
    /// <summary>Half of the people: with more, campaigns would be the exception.</summary>
    public const int MostBasisPoints = 5_000;
    private const int Percent = 100;

    public async Task<Outcome<HoldoutView>> ReadAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (Enrolment.MayAsk(scope) is { } refusal) return refusal;
        var database = await databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = database.ConfigureAwait(false);
        var rows = await database.GlobalHoldouts.AsNoTracking().Where(row => row.WorkspaceId == scope.Workspace).OrderByDescending(row => row.ChangedAt).ThenByDescending(row => row.Id).ToArrayAsync(cancellationToken).ConfigureAwait(false);
        return new HoldoutView(Of(rows.FirstOrDefault()), [.. rows.Select(row => new HoldoutChange(row.BasisPoints, row.ChangedBy, row.ChangedAt))]);
    }

    /// <summary>Holds another share back from now on. A larger one keeps those who were held back, a smaller one lets the last of them go.</summary>
    /// <param name="basisPoints">0 to <see cref="MostBasisPoints"/>; 0 holds nobody back.</param>
    public async Task<Outcome<Done>> ChangeAsync(WorkspaceScope scope, int basisPoints, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.PublishOffers) is { } refusal) return refusal;
        if (basisPoints is < 0 or > MostBasisPoints) return ExperimentProblems.HoldoutUnfit(MostBasisPoints / Percent);
        return await databases.RunAsync<Done>(async (database, token) =>
        {
            var last = await LastAsync(database, scope.Workspace, token).ConfigureAwait(false);
            if ((last?.BasisPoints ?? 0) == basisPoints) return ExperimentProblems.HoldoutUnchanged();
            var now = time.GetUtcNow();
            var id = Guid.CreateVersion7(now);
            database.GlobalHoldouts.Add(new GlobalHoldoutSetting
            {
                Id = id,
                WorkspaceId = scope.Workspace,
                Salt = last?.Salt ?? $"everyone-{id:N}",
                BasisPoints = basisPoints,
                ChangedBy = scope.Actor.Name,
                ChangedAt = now,
            });
            audit.Add(database, scope.Workspace, scope.Actor, new AuditFact("holdout.changed", null, $"{last?.BasisPoints ?? 0} basis points", $"{basisPoints} basis points"));
            await database.SaveChangesAsync(token).ConfigureAwait(false);
            return new Done();
        }, cancellationToken).ConfigureAwait(false);
    }

    internal static async Task<GlobalHoldout?> CurrentAsync(StudioDb database, WorkspaceId workspace, CancellationToken cancellationToken) =>
        Of(await LastAsync(database, workspace, cancellationToken).ConfigureAwait(false));

    private static Task<GlobalHoldoutSetting?> LastAsync(StudioDb database, WorkspaceId workspace, CancellationToken cancellationToken) =>
        database.GlobalHoldouts.AsNoTracking().Where(row => row.WorkspaceId == workspace).OrderByDescending(row => row.ChangedAt).ThenByDescending(row => row.Id).FirstOrDefaultAsync(cancellationToken);

    private static GlobalHoldout? Of(GlobalHoldoutSetting? setting) => setting is { BasisPoints: > 0 } ? new GlobalHoldout(setting.Salt, setting.BasisPoints) : null;
}
