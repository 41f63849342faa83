using System.Globalization;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Jobs;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Warehouse;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Demo;

/// <summary>The workspace that shows the studio at work before own data is there. It is filled from the shipped files alone.</summary>
public sealed class DemoWorkspace(IDbContextFactory<StudioDb> contexts, WorkspaceDirectory workspaces, WarehouseRegistry warehouses, JobQueue jobs, AuditTrail audit, DemoSource source)
{
    internal const string JobKind = "demo";

    private const string ShiftSetting = "demo.shift-days";

    private static readonly WorkspaceScope Scope = new(WorkspaceDirectory.Demo, Actor.Scheduler);

    /// <summary>At the start of a server: makes the demo shop the first time, and again what a cut-off first start left undone. A demo that an owner deleted stays deleted.</summary>
    /// <returns>The job that loads it; null when there is nothing to do.</returns>
    public async Task<Outcome<Guid?>> EnsureAsync(CancellationToken cancellationToken)
    {
        if (!source.IsThere) return DemoProblems.FilesMissing(source.Folder);
        if (await workspaces.FindAsync(WorkspaceDirectory.Demo, cancellationToken).ConfigureAwait(false) is null)
        {
            if (await SettingAsync(ShiftSetting, cancellationToken).ConfigureAwait(false) is not null) return (Guid?)null;
            return await CreateAsync(cancellationToken).ConfigureAwait(false) is { } problem ? problem : await LoadAsync(cancellationToken).ConfigureAwait(false);
        }
        var db = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        var isPublished = await db.PipelineRuns.AnyAsync(run => run.WorkspaceId == WorkspaceDirectory.Demo && run.State == JobState.Succeeded, cancellationToken).ConfigureAwait(false);
        return isPublished || !jobs.Active(WorkspaceDirectory.Demo).IsEmpty ? (Guid?)null : await LoadAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Throws the demo's data, models, rules, codes and campaigns away and loads the shipped shop anew; people's access to it stays.</summary>
    /// <returns>The job that loads it.</returns>
    public async Task<Outcome<Guid?>> ResetAsync(Actor actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(actor);
        if (new WorkspaceScope(WorkspaceDirectory.Demo, actor).Refusal(Right.ManageShop) is { } refusal) return refusal;
        if (!source.IsThere) return DemoProblems.FilesMissing(source.Folder);
        if (!jobs.Active(WorkspaceDirectory.Demo).IsEmpty) return DemoProblems.Busy();
        if (await workspaces.FindAsync(WorkspaceDirectory.Demo, cancellationToken).ConfigureAwait(false) is null)
        {
            if (await CreateAsync(cancellationToken).ConfigureAwait(false) is { } problem) return problem;
        }
        else
        {
            await EmptyAsync(actor, cancellationToken).ConfigureAwait(false);
        }
        return await LoadAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Days that the demo's times were moved by when it was last loaded.</summary>
    internal async Task<int> ShiftDaysAsync(CancellationToken cancellationToken) =>
        int.TryParse(await SettingAsync(ShiftSetting, cancellationToken).ConfigureAwait(false), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var days) ? days : 0;

    internal async Task RememberShiftAsync(int days, CancellationToken cancellationToken)
    {
        var db = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        var text = days.ToString(CultureInfo.InvariantCulture);
        if (await db.InstallationSettings.FindAsync([ShiftSetting], cancellationToken).ConfigureAwait(false) is { } setting) setting.Value = text;
        else db.InstallationSettings.Add(new InstallationSetting { Key = ShiftSetting, Value = text });
        await db.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task<Problem?> CreateAsync(CancellationToken cancellationToken) =>
        (await workspaces.CreateAsync(new WorkspaceDraft("Lark & Linden", "EUR", "Europe/Vienna", WorkspaceDirectory.Demo, IsDemo: true), Actor.Scheduler, cancellationToken).ConfigureAwait(false)).Problem;

    private async Task<Outcome<Guid?>> LoadAsync(CancellationToken cancellationToken) =>
        (await jobs.EnqueueAsync(Scope, JobKind, new { }, cancellationToken).ConfigureAwait(false)).TryGet(out var job, out var problem) ? job : problem;

    private async Task EmptyAsync(Actor actor, CancellationToken cancellationToken)
    {
        await warehouses.DeleteAsync(WorkspaceDirectory.Demo, cancellationToken).ConfigureAwait(false);
        var db = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        await db.OfferTries.Where(row => row.WorkspaceId == WorkspaceDirectory.Demo).ExecuteDeleteAsync(cancellationToken).ConfigureAwait(false);
        await db.OfferLearnings.Where(row => row.WorkspaceId == WorkspaceDirectory.Demo).ExecuteDeleteAsync(cancellationToken).ConfigureAwait(false);
        await db.Deliveries.Where(row => row.WorkspaceId == WorkspaceDirectory.Demo).ExecuteDeleteAsync(cancellationToken).ConfigureAwait(false);
        await db.CampaignMessages.Where(row => row.WorkspaceId == WorkspaceDirectory.Demo).ExecuteDeleteAsync(cancellationToken).ConfigureAwait(false);
        await db.ExperimentPeople.Where(row => row.WorkspaceId == WorkspaceDirectory.Demo).ExecuteDeleteAsync(cancellationToken).ConfigureAwait(false);
        await db.Experiments.Where(row => row.WorkspaceId == WorkspaceDirectory.Demo).ExecuteDeleteAsync(cancellationToken).ConfigureAwait(false);
        await db.Campaigns.Where(row => row.WorkspaceId == WorkspaceDirectory.Demo).ExecuteDeleteAsync(cancellationToken).ConfigureAwait(false);
        await db.CouponCodes.Where(row => row.WorkspaceId == WorkspaceDirectory.Demo).ExecuteDeleteAsync(cancellationToken).ConfigureAwait(false);
        await db.ReferralProgrammes.Where(row => row.WorkspaceId == WorkspaceDirectory.Demo).ExecuteDeleteAsync(cancellationToken).ConfigureAwait(false);
        await db.CouponRules.Where(row => row.WorkspaceId == WorkspaceDirectory.Demo).ExecuteDeleteAsync(cancellationToken).ConfigureAwait(false);
        await db.Segments.Where(row => row.WorkspaceId == WorkspaceDirectory.Demo).ExecuteDeleteAsync(cancellationToken).ConfigureAwait(false);
        await db.ShopperLabels.Where(row => row.WorkspaceId == WorkspaceDirectory.Demo).ExecuteDeleteAsync(cancellationToken).ConfigureAwait(false);
        await db.Models.Where(row => row.WorkspaceId == WorkspaceDirectory.Demo).ExecuteDeleteAsync(cancellationToken).ConfigureAwait(false);
        await db.PipelineRuns.Where(row => row.WorkspaceId == WorkspaceDirectory.Demo).ExecuteDeleteAsync(cancellationToken).ConfigureAwait(false);
        await db.QualityRecords.Where(row => row.WorkspaceId == WorkspaceDirectory.Demo).ExecuteDeleteAsync(cancellationToken).ConfigureAwait(false);
        await db.SavedMappings.Where(row => row.WorkspaceId == WorkspaceDirectory.Demo).ExecuteDeleteAsync(cancellationToken).ConfigureAwait(false);
        await db.Imports.Where(row => row.WorkspaceId == WorkspaceDirectory.Demo).ExecuteDeleteAsync(cancellationToken).ConfigureAwait(false);
        await db.Datasets.Where(row => row.WorkspaceId == WorkspaceDirectory.Demo).ExecuteDeleteAsync(cancellationToken).ConfigureAwait(false);
        await audit.WriteAsync(WorkspaceDirectory.Demo, actor, new AuditFact("demo.reset"), cancellationToken).ConfigureAwait(false);
    }

    private async Task<string?> SettingAsync(string key, CancellationToken cancellationToken)
    {
        var db = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        return await db.InstallationSettings.Where(setting => setting.Key == key).Select(setting => setting.Value).SingleOrDefaultAsync(cancellationToken).ConfigureAwait(false);
    }
}
