using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Outcomes;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Access;

/// <summary>Whether the demo may be looked at without an account: until there is an owner, and later where an owner wants it.</summary>
public sealed class DemoAccess(IDbContextFactory<StudioDb> contexts, AuditTrail audit)
{
    private const string Key = "demo.open";

    public async Task<bool> IsOpenAsync(CancellationToken cancellationToken)
    {
        var db = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        if (!await db.Workspaces.AnyAsync(row => row.Id == WorkspaceDirectory.Demo, cancellationToken).ConfigureAwait(false)) return false;
        return !await db.Users.AnyAsync(cancellationToken).ConfigureAwait(false) || await IsLeftOpenAsync(db, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The owner's wish alone.</summary>
    public async Task<bool> IsLeftOpenAsync(CancellationToken cancellationToken)
    {
        var db = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        return await IsLeftOpenAsync(db, cancellationToken).ConfigureAwait(false);
    }

    public async Task<Outcome<Done>> SetOpenAsync(WorkspaceScope scope, bool open, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.ManageShop) is { } refusal) return refusal;
        var db = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        var setting = await db.InstallationSettings.SingleOrDefaultAsync(row => row.Key == Key, cancellationToken).ConfigureAwait(false);
        if (setting is null) db.InstallationSettings.Add(setting = new InstallationSetting { Key = Key, Value = "false" });
        audit.Add(db, scope.Workspace, scope.Actor, new AuditFact("demo.open-changed", null, setting.Value, open ? "true" : "false"));
        setting.Value = open ? "true" : "false";
        await db.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        return new Done();
    }

    private static Task<bool> IsLeftOpenAsync(StudioDb db, CancellationToken cancellationToken) =>
        db.InstallationSettings.AnyAsync(setting => setting.Key == Key && setting.Value == "true", cancellationToken);
}
