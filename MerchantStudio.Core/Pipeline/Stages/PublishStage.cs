using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Pipeline.Serving;
using MerchantStudio.Core.Pipeline.Upkeep;
using MerchantStudio.Core.Quality.Drift;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Pipeline.Stages;

/// <summary>Swaps all tables at once, then writes down which models serve. Until the swap the last run's tables serve.</summary>
internal sealed class PublishStage(RunRecords runs, LiveScores live) : IPipelineStage
{
    public static readonly string[] Tables = ["clean_events", "sessions", "paid_orders", "user_daily", "item_daily", "currency_daily", "user_features", LiveFeatures.Table, "feature_correlation", "category_interest", "rfm", "clusters", "intent_scores", Shadow.VersionScores.Table, "review_scores", "shopper_profile", DriftTables.Baseline, DriftTables.Drift, .. RunMemory.Tables];

    public string Key => "publish";

    public async Task<Outcome<StageResult>> RunAsync(PipelineState state, PipelineWork work, CancellationToken cancellationToken)
    {
        // A run cut off between the swap and the writing down finds the tables swapped already.
        if (await work.Warehouse.HasTableAsync("next_clean_events", cancellationToken).ConfigureAwait(false))
        {
            var built = new List<string>();
            foreach (var table in Tables)
            {
                if (await work.Warehouse.HasTableAsync("next_" + table, cancellationToken).ConfigureAwait(false)) built.Add(table);
            }

            await work.Warehouse.PublishAsync(built, cancellationToken).ConfigureAwait(false);
        }

        await runs.PublishAsync(state, work.Scope, cancellationToken).ConfigureAwait(false);
        await live.RefreshAllAsync(work.Scope.Workspace, cancellationToken).ConfigureAwait(false);
        await DropWorkTablesAsync(work.Warehouse, cancellationToken).ConfigureAwait(false);
        return new StageResult(work.Note(state, "published"), 0);
    }

    /// <summary>Removes what a run leaves behind besides the published tables.</summary>
    public static async Task DropWorkTablesAsync(WorkspaceWarehouse warehouse, CancellationToken cancellationToken)
    {
        var left = await warehouse.QueryAsync(
            "select table_name from information_schema.tables where table_name like 'next\\_%' escape '\\' or table_name like 'work\\_%' escape '\\'",
            row => row.Text(0)!, [], cancellationToken).ConfigureAwait(false);
        if (left.IsEmpty) return;
        var session = await warehouse.BeginAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = session.ConfigureAwait(false);
        foreach (var table in left) await session.ExecuteAsync($"drop table {Sql.Identifier(table)}", [], cancellationToken).ConfigureAwait(false);
        await session.CommitAsync(cancellationToken).ConfigureAwait(false);
    }
}
