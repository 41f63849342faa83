using System.Collections.Immutable;
using MerchantStudio.Core.Features;
using MerchantStudio.Core.Insights.Intent;
using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Pipeline.Stages;

/// <summary>Reads the feature tables that the features stage built.</summary>
internal static class IntentWindows
{
    /// <summary>Columns that models may use: none about the person herself.</summary>
    private static readonly int[] Allowed = [.. FeatureCatalog.All.Select((feature, index) => (feature, index)).Where(pair => !pair.feature.IsSensitive).Select(pair => pair.index)];

    public static async Task<IntentQuestion> ReadAsync(WorkspaceWarehouse warehouse, PlannedHorizon plan, int seed, Func<bool>? goOn, CancellationToken cancellationToken)
    {
        var training = new List<IntentWindow>();
        for (var i = plan.Training.Length - 1; i >= 0; i--) training.Add(await WindowAsync(warehouse, plan.TrainingTable(i), plan.Training[i], plan.Days, cancellationToken).ConfigureAwait(false));
        return new IntentQuestion(
            plan.Days,
            new IntentWindow(training[0].From, training[^1].To, FeatureMatrix.Concat([.. training.Select(window => window.X)]), [.. training.SelectMany(window => window.Y)]),
            await WindowAsync(warehouse, plan.ValidationTable, plan.Validation, plan.Days, cancellationToken).ConfigureAwait(false),
            await WindowAsync(warehouse, plan.TestTable, plan.Test, plan.Days, cancellationToken).ConfigureAwait(false),
            seed, goOn);
    }

    public static async Task<(ImmutableArray<string> Users, FeatureMatrix X)> ReadScoredAsync(WorkspaceWarehouse warehouse, string table, CancellationToken cancellationToken)
    {
        var read = await FeatureBuilder.ReadAsync(warehouse, table, cancellationToken).ConfigureAwait(false);
        return (read.Users, read.Features.Select(Allowed));
    }

    /// <summary>Without what models may not use.</summary>
    public static FeatureMatrix ForModels(FeatureMatrix features) => features.Select(Allowed);

    private static async Task<IntentWindow> WindowAsync(WorkspaceWarehouse warehouse, string table, DateTimeOffset cutoff, int days, CancellationToken cancellationToken)
    {
        var read = await FeatureBuilder.ReadAsync(warehouse, table, cancellationToken).ConfigureAwait(false);
        return new IntentWindow(cutoff, cutoff.AddDays(days), read.Features.Select(Allowed), read.Labels ?? throw new InvalidOperationException($"{table} has no labels."));
    }
}
