using MerchantStudio.Core.Insights.Segments;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Pipeline.Stages;

/// <summary>RFM groups and clusters; a shop with reviews only has none.</summary>
internal sealed class SegmentStage : IPipelineStage
{
    public string Key => "segment";

    public async Task<Outcome<StageResult>> RunAsync(PipelineState state, PipelineWork work, CancellationToken cancellationToken)
    {
        var session = await work.Warehouse.BeginAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = session.ConfigureAwait(false);
        var built = await SegmentBuilder.BuildAsync(session, state.AsOf ?? work.Time.GetUtcNow(), RfmCuts.FromSettings(work.Shop.SettingsJson), state.Report.Seed, cancellationToken).ConfigureAwait(false);
        if (!built.Succeeded) await session.ExecuteAsync("drop table if exists next_clusters; create table next_clusters(user_id VARCHAR, cluster INTEGER)", [], cancellationToken).ConfigureAwait(false);
        await session.CommitAsync(cancellationToken).ConfigureAwait(false);
        var section = built.TryGet(out var report, out var problem) ? new ReportSection<SegmentReport>(report, null) : new ReportSection<SegmentReport>(null, SavedProblem.Of(problem));
        var next = state with { Report = state.Report with { Segments = section } };
        return new StageResult(report is null ? next : work.Note(next, "segments", report.Shoppers, report.Clusters?.K ?? 1), report?.Shoppers ?? 0);
    }
}
