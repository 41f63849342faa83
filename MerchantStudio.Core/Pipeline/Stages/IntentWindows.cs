using System.Collections.Immutable;
using MerchantStudio.Core.Features;
using MerchantStudio.Core.Insights.Intent;
using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Pipeline.Stages;

/// <summary>Reads the feature tables that the features stage built.</summary>
internal static class IntentWindows
{
    /// <summary>What the last run published; upkeep goes on with it.</summary>
    public const string PublishedEvents = "clean_events";

    private const string OneTable = "work_intent_window";

    /// <summary>Columns that models may use: none about the person herself.</summary>
    private static readonly int[] Allowed = [.. FeatureCatalog.All.Select((feature, index) => (feature, index)).Where(pair => !pair.feature.IsSensitive).Select(pair => pair.index)];

    /// <summary>Builds the tables of every window of a horizon.</summary>
    /// <param name="built">Hears how many rows each table has.</param>
    public static async Task BuildAsync(WarehouseSession session, PlannedHorizon plan, string timeZone, string eventsTable, Action<long> built, CancellationToken cancellationToken)
    {
        foreach (var (table, cutoff) in plan.Tables) built(await FeatureBuilder.BuildAsync(session, new FeatureQuestion(cutoff, plan.Days, timeZone, eventsTable), table, cancellationToken).ConfigureAwait(false));
    }

    public static Task<IntentQuestion> ReadAsync(WorkspaceWarehouse warehouse, PlannedHorizon plan, int seed, Func<bool>? goOn, CancellationToken cancellationToken) =>
        ReadAsync(table => FeatureBuilder.ReadAsync(warehouse, table, cancellationToken), plan, seed, goOn);

    /// <summary>Reads what was built in this session's transaction.</summary>
    public static Task<IntentQuestion> ReadAsync(WarehouseSession session, PlannedHorizon plan, int seed, CancellationToken cancellationToken) =>
        ReadAsync(table => FeatureBuilder.ReadAsync(session, table, cancellationToken), plan, seed, null);

    private static async Task<IntentQuestion> ReadAsync(Func<string, Task<FeatureTable>> read, PlannedHorizon plan, int seed, Func<bool>? goOn)
    {
        var training = new List<IntentWindow>();
        for (var i = plan.Training.Length - 1; i >= 0; i--) training.Add(await WindowAsync(read, plan.TrainingTable(i), plan.Training[i], plan.Days).ConfigureAwait(false));
        float[] ages = [.. training.SelectMany(window => Enumerable.Repeat((float)(training[^1].From - window.From).TotalDays, window.X.Rows))];
        return new IntentQuestion(
            plan.Days,
            new IntentWindow(training[0].From, training[^1].To, FeatureMatrix.Concat([.. training.Select(window => window.X)]).WithAges(ages), [.. training.SelectMany(window => window.Y)]),
            await WindowAsync(read, plan.ValidationTable, plan.Validation, plan.Days).ConfigureAwait(false),
            await WindowAsync(read, plan.TestTable, plan.Test, plan.Days).ConfigureAwait(false),
            seed, goOn);
    }

    /// <summary>One label window out of the published events, built and read in this session; the table stays in the session's transaction.</summary>
    /// <param name="cutoff">Features come from events before it, labels from the days after.</param>
    public static async Task<IntentWindow> ReadOneAsync(WarehouseSession session, DateTimeOffset cutoff, int days, string timeZone, CancellationToken cancellationToken)
    {
        await FeatureBuilder.BuildAsync(session, new FeatureQuestion(cutoff, days, timeZone, PublishedEvents), OneTable, cancellationToken).ConfigureAwait(false);
        return await WindowAsync(table => FeatureBuilder.ReadAsync(session, table, cancellationToken), OneTable, cutoff, days).ConfigureAwait(false);
    }

    /// <inheritdoc cref="ReadOneAsync(WarehouseSession, DateTimeOffset, int, string, CancellationToken)"/>
    public static async Task<IntentWindow> ReadOneAsync(WorkspaceWarehouse warehouse, DateTimeOffset cutoff, int days, string timeZone, CancellationToken cancellationToken)
    {
        var session = await warehouse.BeginAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = session.ConfigureAwait(false);   // never committed: the table is gone with it
        return await ReadOneAsync(session, cutoff, days, timeZone, cancellationToken).ConfigureAwait(false);
    }

    public static async Task<(ImmutableArray<string> Users, FeatureMatrix X)> ReadScoredAsync(WorkspaceWarehouse warehouse, string table, CancellationToken cancellationToken)
    {
        var read = await FeatureBuilder.ReadAsync(warehouse, table, cancellationToken).ConfigureAwait(false);
        return (read.Users, read.Features.Select(Allowed));
    }

    /// <summary>Without what models may not use.</summary>
    public static FeatureMatrix ForModels(FeatureMatrix features) => features.Select(Allowed);

    private static async Task<IntentWindow> WindowAsync(Func<string, Task<FeatureTable>> read, string table, DateTimeOffset cutoff, int days)
    {
        var window = await read(table).ConfigureAwait(false);
        return new IntentWindow(cutoff, cutoff.AddDays(days), ForModels(window.Features), window.Labels ?? throw new InvalidOperationException($"{table} has no labels."));
    }
}
