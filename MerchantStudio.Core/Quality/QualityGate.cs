using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Warehouse;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Quality;

/// <summary>Measures whether the data are good enough to learn from, and stops training when they are not.</summary>
public sealed class QualityGate(WarehouseRegistry warehouses, IDbContextFactory<StudioDb> contexts, AuditTrail audit, TimeProvider clock)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) } };

    /// <summary>Measures the raw rows of the workspace and keeps the result.</summary>
    public async Task<Outcome<QualityReport>> MeasureAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.ReadFigures) is { } refusal) return refusal;
        return Read(await MeasureAsync(scope, null, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Measures; a failing result is a problem ("quality.gate-failed") unless somebody with the right gives a reason, which is logged.</summary>
    /// <param name="overrideReason">Null or blank to let the gate decide.</param>
    public async Task<Outcome<QualityReport>> GateAsync(WorkspaceScope scope, string? overrideReason, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        var reason = string.IsNullOrWhiteSpace(overrideReason) ? null : overrideReason.Trim();
        if (reason is not null && scope.Refusal(Right.OverrideQuality) is { } refusal) return refusal;
        var record = await MeasureAsync(scope, reason, cancellationToken).ConfigureAwait(false);
        var report = Read(record);
        if (!record.Failed || record.OverrideReason is not null) return report;
        return new QualityGateFailed(report.Score, string.Join(", ", report.Checks.Where(check => check.Verdict == QualityVerdict.Fail).Select(check => check.Key)));
    }

    /// <summary>The last measurement; null before the first.</summary>
    public async Task<QualityReport?> LatestAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.ReadFigures) is not null) return null;
        var db = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        var record = await db.QualityRecords.AsNoTracking().Where(row => row.WorkspaceId == scope.Workspace).OrderByDescending(row => row.At).FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false);
        return record is null ? null : Read(record);
    }

    private async Task<QualityRecord> MeasureAsync(WorkspaceScope scope, string? overrideReason, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var warehouse = await warehouses.OpenAsync(scope.Workspace, cancellationToken).ConfigureAwait(false);
        var figures = await QualityFigures.CountAsync(warehouse, now, cancellationToken).ConfigureAwait(false);
        var db = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        var imports = await db.Imports.AsNoTracking().Where(import => import.WorkspaceId == scope.Workspace && import.State == ImportState.Complete)
            .Select(import => new { import.Read, import.Rejected }).ToListAsync(cancellationToken).ConfigureAwait(false);
        var checks = QualityChecks.Judge(figures, imports.Sum(import => import.Read), imports.Sum(import => import.Rejected), now);
        var failed = checks.Any(check => check.Verdict == QualityVerdict.Fail);
        var record = new QualityRecord
        {
            Id = Guid.CreateVersion7(now),
            WorkspaceId = scope.Workspace,
            At = now,
            Score = QualityChecks.Score(checks),
            Failed = failed,
            ChecksJson = JsonSerializer.Serialize(checks, Json),
            OverrideReason = failed ? overrideReason : null,
            OverriddenBy = failed && overrideReason is not null ? scope.Actor.Name : null,
        };
        db.QualityRecords.Add(record);
        if (record.OverrideReason is not null)
            audit.Add(db, scope.Workspace, scope.Actor, new AuditFact("quality.overridden", record.Id.ToString(), After: record.Score.ToString(System.Globalization.CultureInfo.InvariantCulture), Reason: overrideReason));
        await db.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        return record;
    }

    private static QualityReport Read(QualityRecord record) => new(
        record.Id, record.At, record.Score, record.Failed,
        JsonSerializer.Deserialize<ImmutableArray<QualityCheck>>(record.ChecksJson, Json), record.OverrideReason, record.OverriddenBy);
}

public sealed record QualityGateFailed(int Score, string Checks)
    : Problem("quality.gate-failed", "The data score {0} of 100 and are not fit to learn from: {1}. Put it right on the quality page, or train all the same and say why.", Score, Checks);
