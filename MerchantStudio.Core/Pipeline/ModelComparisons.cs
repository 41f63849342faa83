using System.Collections.Immutable;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Features.Horizons;
using MerchantStudio.Core.Learning.Evaluation;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Pipeline.Shadow;
using MerchantStudio.Core.Pipeline.Stages;
using MerchantStudio.Core.Warehouse;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Pipeline;

/// <summary>Somebody whom two versions put on different sides of their thresholds.</summary>
public sealed record MovedShopper(string UserId, double Before, double After);

/// <summary>What would have changed for the shoppers of the last scoring if one version had stood in another's place.</summary>
/// <param name="AsOf">The moment of that scoring.</param>
/// <param name="Agreement">Share of shoppers on the same side of each version's own threshold; NaN without shoppers.</param>
/// <param name="MeanDifference">Mean absolute difference of the chances; NaN without shoppers.</param>
/// <param name="Up">Shoppers that only the other version calls likely to buy.</param>
/// <param name="Down">Shoppers that only the first calls likely to buy.</param>
/// <param name="Moved">Those whose chances differ most, of the ones who change sides.</param>
/// <param name="Since">What they did afterwards; null while nothing is known of it.</param>
public sealed record ModelComparison(DateTimeOffset AsOf, int Shoppers, double Agreement, double MeanDifference, int Up, int Down, ImmutableArray<MovedShopper> Moved, ModelOutcomes? Since);

/// <summary>Two versions on the same shoppers, held against what those did afterwards.</summary>
/// <param name="AsOf">When both scored them: the latest scoring whose days have passed, or the earliest one while none have.</param>
/// <param name="Until">Purchases before it are known.</param>
/// <param name="Complete">Whether all days of the forecast have passed; until then there are fewer buyers than were forecast.</param>
public sealed record ModelOutcomes(DateTimeOffset AsOf, DateTimeOffset Until, bool Complete, int Shoppers, int Buyers, OutcomeFigures First, OutcomeFigures Second);

/// <summary>A version's figures on shoppers whose outcome came to be known after it had scored them.</summary>
/// <param name="Auroc">NaN while all or none have bought.</param>
/// <param name="CalibrationError">Mean distance of said and observed share over the bins.</param>
public sealed record OutcomeFigures(double Auroc, double AveragePrecision, double LogLoss, double Brier, double CalibrationError, ImmutableArray<CalibrationBin> Calibration);

/// <summary>Sets two versions against each other by the chances that both gave when shoppers were last scored. Reads only; whoever opens it scores nobody.</summary>
public sealed class ModelComparisons(IDbContextFactory<StudioDb> contexts, WarehouseRegistry warehouses)
{
    private const int MostMoved = 20;

    /// <param name="id">The version that things are as they are with.</param>
    /// <param name="other">The version of the same task that might take its place.</param>
    /// <returns>A problem where the two have never scored the same shoppers.</returns>
    public async Task<Outcome<ModelComparison>> CompareAsync(WorkspaceScope scope, Guid id, Guid other, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.ReadFigures) is { } refusal) return refusal;
        var db = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        var versions = await db.Models.AsNoTracking().Where(model => model.WorkspaceId == scope.Workspace && (model.Id == id || model.Id == other)).ToDictionaryAsync(model => model.Id, cancellationToken).ConfigureAwait(false);
        if (!versions.TryGetValue(id, out var first) || !versions.TryGetValue(other, out var second) || first.Task != second.Task) return new ModelNotFound();
        if (!ModelRegistry.IsIntent(first)) return new ModelNotPromotable(first.Task);
        var warehouse = await warehouses.OpenAsync(scope.Workspace, cancellationToken).ConfigureAwait(false);
        var days = ModelRegistry.HorizonOf(first);
        var moments = await VersionScores.SharedAsync(warehouse, days, first.FileHash, second.FileHash, cancellationToken).ConfigureAwait(false);
        if (moments.IsEmpty) return new NotScoredTogether(first.Number, second.Number);
        var scores = await VersionScores.ReadAsync(warehouse, days, moments[^1], first.FileHash, second.FileHash, cancellationToken).ConfigureAwait(false);
        var since = await SinceAsync(warehouse, days, moments, first, second, cancellationToken).ConfigureAwait(false);
        return Compare(moments[^1], scores, Threshold(first), Threshold(second)) with { Since = since };
    }

    private static double Threshold(ModelVersion version) => PipelineJson.Read<ModelFigures>(version.MetricsJson).Test.Threshold;

    private static async Task<ModelOutcomes?> SinceAsync(WorkspaceWarehouse warehouse, int days, ImmutableArray<DateTimeOffset> moments, ModelVersion first, ModelVersion second, CancellationToken cancellationToken)
    {
        var span = await TimeSpanOfData.MeasureAsync(warehouse, IntentWindows.PublishedEvents, null, cancellationToken).ConfigureAwait(false);
        if (SessionsStage.AsOf(span) is not { } known) return null;
        var passed = moments.Where(moment => moment.AddDays(days) <= known).ToList();
        var asOf = passed.Count > 0 ? passed[^1] : moments[0];
        if (asOf >= known) return null;
        var until = passed.Count > 0 ? asOf.AddDays(days) : known;
        var scores = await VersionScores.ReadOutcomesAsync(warehouse, days, asOf, until, first.FileHash, second.FileHash, cancellationToken).ConfigureAwait(false);
        if (scores.IsEmpty) return null;
        float[] bought = [.. scores.Select(score => score.Bought ? 1f : 0f)];
        return new ModelOutcomes(asOf, until, passed.Count > 0, scores.Length, scores.Count(score => score.Bought), Judge([.. scores.Select(score => (float)score.First)], bought), Judge([.. scores.Select(score => (float)score.Second)], bought));
    }

    private static OutcomeFigures Judge(float[] chances, float[] bought)
    {
        var bins = BinaryCurves.Calibration(chances, bought);
        return new OutcomeFigures(
            BinaryMetrics.Auroc(chances, bought), BinaryMetrics.AveragePrecision(chances, bought), BinaryMetrics.LogLoss(chances, bought), BinaryMetrics.Brier(chances, bought),
            BinaryCurves.CalibrationError(bins), bins);
    }

    private static ModelComparison Compare(DateTimeOffset asOf, ImmutableArray<SharedScore> scores, double fromFirst, double fromSecond)
    {
        if (scores.IsEmpty) return new ModelComparison(asOf, 0, double.NaN, double.NaN, 0, 0, [], null);
        var up = scores.Where(score => score.First < fromFirst && score.Second >= fromSecond).ToList();
        var down = scores.Where(score => score.First >= fromFirst && score.Second < fromSecond).ToList();
        return new ModelComparison(
            asOf, scores.Length, 1 - ((up.Count + down.Count) / (double)scores.Length), scores.Average(score => Math.Abs(score.Second - score.First)), up.Count, down.Count,
            [.. up.Concat(down).OrderByDescending(score => Math.Abs(score.Second - score.First)).ThenBy(score => score.UserId, StringComparer.Ordinal).Take(MostMoved).Select(score => new MovedShopper(score.UserId, score.First, score.Second))], null);
    }
}
