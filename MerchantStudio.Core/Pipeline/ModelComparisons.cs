using System.Collections.Immutable;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Pipeline.Brought;
using MerchantStudio.Core.Pipeline.Stages;
using MerchantStudio.Core.Warehouse;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Pipeline;

/// <summary>Somebody whom two versions put on different sides of their thresholds.</summary>
public sealed record MovedShopper(string UserId, double Before, double After);

/// <summary>What would change for today's shoppers if one version took another's place.</summary>
/// <param name="Agreement">Share of shoppers on the same side of each version's own threshold; NaN without shoppers.</param>
/// <param name="MeanDifference">Mean absolute difference of the chances; NaN without shoppers.</param>
/// <param name="Up">Shoppers that only the other version calls likely to buy.</param>
/// <param name="Down">Shoppers that only the first calls likely to buy.</param>
/// <param name="Moved">Those whose chances differ most, of the ones who change sides.</param>
public sealed record ModelComparison(int Shoppers, double Agreement, double MeanDifference, int Up, int Down, ImmutableArray<MovedShopper> Moved);

/// <summary>Has two versions score today's shoppers, and shows where they part. Nothing that pages read is touched.</summary>
public sealed class ModelComparisons
{
    private const int MostMoved = 20;

    private readonly IDbContextFactory<StudioDb> _contexts;
    private readonly WarehouseRegistry _warehouses;
    private readonly ModelScoring _scoring;

    internal ModelComparisons(IDbContextFactory<StudioDb> contexts, WarehouseRegistry warehouses, ModelScoring scoring) => (_contexts, _warehouses, _scoring) = (contexts, warehouses, scoring);

    /// <param name="id">The version that things are as they are with.</param>
    /// <param name="other">The version of the same task that might take its place.</param>
    public async Task<Outcome<ModelComparison>> CompareAsync(WorkspaceScope scope, Guid id, Guid other, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.ReadFigures) is { } refusal) return refusal;
        var db = await _contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        var versions = await db.Models.AsNoTracking().Where(model => model.WorkspaceId == scope.Workspace && (model.Id == id || model.Id == other)).ToDictionaryAsync(model => model.Id, cancellationToken).ConfigureAwait(false);
        if (!versions.TryGetValue(id, out var first) || !versions.TryGetValue(other, out var second) || first.Task != second.Task) return new ModelNotFound();
        if (!ModelRegistry.IsIntent(first)) return new ModelNotPromotable(first.Task);
        var warehouse = await _warehouses.OpenAsync(scope.Workspace, cancellationToken).ConfigureAwait(false);
        var (users, x) = await IntentWindows.ReadScoredAsync(warehouse, "user_features", cancellationToken).ConfigureAwait(false);
        if (!(await _scoring.ProbabilitiesAsync(first, x, cancellationToken).ConfigureAwait(false)).TryGet(out var before, out var problem)) return problem;
        if (!(await _scoring.ProbabilitiesAsync(second, x, cancellationToken).ConfigureAwait(false)).TryGet(out var after, out problem)) return problem;
        return Compare(users, before, Threshold(first), after, Threshold(second));
    }

    private static double Threshold(ModelVersion version) => PipelineJson.Read<ModelFigures>(version.MetricsJson).Test.Threshold;

    private static ModelComparison Compare(ImmutableArray<string> users, float[] before, double fromBefore, float[] after, double fromAfter)
    {
        if (users.IsEmpty) return new ModelComparison(0, double.NaN, double.NaN, 0, 0, []);
        var rows = Enumerable.Range(0, users.Length).ToList();
        var up = rows.Where(row => before[row] < fromBefore && after[row] >= fromAfter).ToList();
        var down = rows.Where(row => before[row] >= fromBefore && after[row] < fromAfter).ToList();
        return new ModelComparison(
            users.Length, 1 - ((up.Count + down.Count) / (double)users.Length), rows.Average(row => Math.Abs((double)after[row] - before[row])), up.Count, down.Count,
            [.. up.Concat(down).OrderByDescending(row => Math.Abs(after[row] - before[row])).ThenBy(row => users[row], StringComparer.Ordinal).Take(MostMoved).Select(row => new MovedShopper(users[row], before[row], after[row]))]);
    }
}
