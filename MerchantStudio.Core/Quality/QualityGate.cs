using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Currencies;
using MerchantStudio.Core.Jobs;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Quality.Drift;
using MerchantStudio.Core.Warehouse;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Quality;

/// <summary>Measures whether the data are good enough to learn from, and stops training when they are not.</summary>
public sealed class QualityGate(WarehouseRegistry warehouses, IDbContextFactory<StudioDb> contexts, AuditTrail audit, TimeProvider clock) : IAfterImport
{
    private const int MostRecords = 2000;
    private const int MostPoints = 60;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) } };

    /// <summary>So that the history has a point for every import.</summary>
    async Task IAfterImport.RunAsync(WorkspaceScope scope, CancellationToken cancellationToken) => await MeasureAsync(scope, null, cancellationToken).ConfigureAwait(false);

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

    /// <summary>The state after each of the last imports, oldest first.</summary>
    public async Task<Outcome<ImmutableArray<QualityPoint>>> HistoryAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.ReadFigures) is { } refusal) return refusal;
        var db = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        var records = await db.QualityRecords.AsNoTracking().Where(row => row.WorkspaceId == scope.Workspace).OrderByDescending(row => row.At).Take(MostRecords).ToListAsync(cancellationToken).ConfigureAwait(false);
        var files = await db.Imports.AsNoTracking().Where(import => import.WorkspaceId == scope.Workspace).ToDictionaryAsync(import => import.Number, import => import.FileName, cancellationToken).ConfigureAwait(false);
        return ImmutableArray.CreateRange(records.Select(Read).GroupBy(report => report.AfterImport).Select(group => group.First()).OrderBy(report => report.At).TakeLast(MostPoints).Select(report => new QualityPoint(
            report.AfterImport, report.AfterImport is { } number ? files.GetValueOrDefault(number) : null, report.At, report.Score, report.Failed,
            report.Datasets.ToImmutableSortedDictionary(dataset => dataset.Dataset, dataset => dataset.Score))));
    }

    private async Task<QualityRecord> MeasureAsync(WorkspaceScope scope, string? overrideReason, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var warehouse = await warehouses.OpenAsync(scope.Workspace, cancellationToken).ConfigureAwait(false);
        var figures = await QualityFigures.CountAsync(warehouse, now, cancellationToken).ConfigureAwait(false);
        var others = await DatasetFigures.CountAsync(warehouse, now, cancellationToken).ConfigureAwait(false);
        var (drift, _) = await DriftTables.ReadDriftAsync(warehouse, cancellationToken).ConfigureAwait(false);
        var db = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var __ = db.ConfigureAwait(false);
        var imports = await db.Imports.AsNoTracking().Where(import => import.WorkspaceId == scope.Workspace && import.State == ImportState.Complete).ToListAsync(cancellationToken).ConfigureAwait(false);
        var shop = await db.Workspaces.AsNoTracking().SingleAsync(shop => shop.Id == scope.Workspace, cancellationToken).ConfigureAwait(false);
        var pause = await DatasetFigures.UsualPauseAsync(warehouse, shop.TimeZone, now, cancellationToken).ConfigureAwait(false);
        var withoutRate = (await ExchangeRates.MissingAsync(warehouse, ShopMoney.Of(shop), cancellationToken).ConfigureAwait(false)).Sum(missing => missing.Lines);
        var checks = QualityChecks.Judge(new QualityEvidence(figures, others, [.. imports.GroupBy(import => import.Kind).Select(Imports)], pause, drift, withoutRate), now);
        var failed = checks.Any(check => check.Verdict == QualityVerdict.Fail);
        var record = new QualityRecord
        {
            Id = Guid.CreateVersion7(now),
            WorkspaceId = scope.Workspace,
            At = now,
            Score = QualityChecks.Score(checks),
            Failed = failed,
            ChecksJson = JsonSerializer.Serialize(new Measured(checks, imports.Max(import => (int?)import.Number)), Json),
            OverrideReason = failed ? overrideReason : null,
            OverriddenBy = failed && overrideReason is not null ? scope.Actor.Name : null,
        };
        db.QualityRecords.Add(record);
        if (record.OverrideReason is not null)
            audit.Add(db, scope.Workspace, scope.Actor, new AuditFact("quality.overridden", record.Id.ToString(), After: record.Score.ToString(System.Globalization.CultureInfo.InvariantCulture), Reason: overrideReason));
        await db.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        return record;
    }

    private static ImportFigures Imports(IGrouping<DatasetKind, ImportRecord> imports) => new(
        imports.Key, imports.Sum(import => import.Read), imports.Sum(import => import.Rejected), [.. imports.Select(import => import.FinishedAt ?? import.CreatedAt).Order()]);

    private static QualityReport Read(QualityRecord record)
    {
        var measured = JsonSerializer.Deserialize<Measured>(record.ChecksJson, Json)!;
        return new QualityReport(record.Id, record.At, record.Score, record.Failed, measured.Checks, record.OverrideReason, record.OverriddenBy, measured.AfterImport);
    }

    /// <summary>What <see cref="QualityRecord.ChecksJson"/> holds.</summary>
    private sealed record Measured(ImmutableArray<QualityCheck> Checks, int? AfterImport);
}

public sealed record QualityGateFailed(int Score, string Checks)
    : Problem("quality.gate-failed", "The data score {0} of 100 and are not fit to learn from: {1}. Put it right on the quality page, or train all the same and say why.", Score, Checks);
