using System.Collections.Immutable;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Shop;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Jobs;

/// <summary>Starts the pipeline of each workspace that asked for a daily run, once a day of its own time zone.</summary>
/// <remarks>What ran already is read from the jobs, so neither a restart nor a clock set back starts a run twice.</remarks>
public sealed class DailyRuns
{
    /// <summary>A run that was missed by more (the machine was off) waits for tomorrow.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromHours(2);
    private readonly IDbContextFactory<StudioDb> _contexts;
    private readonly JobQueue _queue;
    private readonly TimeProvider _clock;

    public DailyRuns(IDbContextFactory<StudioDb> contexts, JobQueue queue, TimeProvider clock)
    {
        _contexts = contexts;
        _queue = queue;
        _clock = clock;
    }

    /// <summary>To be called every minute.</summary>
    /// <returns>The workspaces whose run was started.</returns>
    public async Task<ImmutableArray<WorkspaceId>> StartDueAsync(CancellationToken cancellationToken)
    {
        var now = _clock.GetUtcNow();
        var started = ImmutableArray.CreateBuilder<WorkspaceId>();
        var db = await _contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        var scheduled = await db.Workspaces.AsNoTracking()
            .Where(workspace => workspace.DailyRunMinute != null && db.Imports.Any(import => import.WorkspaceId == workspace.Id && import.State == ImportState.Complete))
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        foreach (var workspace in scheduled)
        {
            var due = DueAt(now, workspace.TimeZone, workspace.DailyRunMinute!.Value);
            if (now < due || now - due > Grace) continue;
            var earliest = due - TimeSpan.FromMinutes(1);
            var ran = await db.Jobs.AnyAsync(job => job.WorkspaceId == workspace.Id && job.Kind == "pipeline" && job.RequestedBy == Actor.Scheduler.Name && job.CreatedAt >= earliest, cancellationToken).ConfigureAwait(false);
            if (ran) continue;
            var queued = await _queue.EnqueueAsync(new WorkspaceScope(workspace.Id, Actor.Scheduler), "pipeline", new { Trigger = "schedule" }, cancellationToken).ConfigureAwait(false);
            if (queued.Succeeded) started.Add(workspace.Id);
        }

        return started.ToImmutable();
    }

    /// <summary>The moment of today's run in the store's day. A minute that the change to summer time skips moves on by the hour skipped.</summary>
    internal static DateTimeOffset DueAt(DateTimeOffset now, string timeZone, int minuteOfDay)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(timeZone);
        var wall = TimeZoneInfo.ConvertTime(now, zone).Date.AddMinutes(minuteOfDay);
        if (zone.IsInvalidTime(wall)) wall = wall.AddHours(1);
        return new DateTimeOffset(wall, zone.GetUtcOffset(wall)).ToUniversalTime();
    }
}
