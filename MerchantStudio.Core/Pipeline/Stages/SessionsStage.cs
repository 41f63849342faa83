using MerchantStudio.Core.Features.Cleaning;
using MerchantStudio.Core.Features.Horizons;
using MerchantStudio.Core.Features.Sessions;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Pipeline.Stages;

/// <summary>Cuts visits, gathers orders and fixes the moment that everything is as of: just after the last event.</summary>
internal sealed class SessionsStage : IPipelineStage
{
    private static readonly TimeSpan Stray = TimeSpan.FromDays(1);

    public string Key => "sessions";

    public string? Needs => EventCleaner.CleanedTable;

    public async Task<Outcome<StageResult>> RunAsync(PipelineState state, PipelineWork work, CancellationToken cancellationToken)
    {
        var session = await work.Warehouse.BeginAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = session.ConfigureAwait(false);
        var report = await Sessionizer.RunAsync(session, work.Shop.TimeZone, cancellationToken).ConfigureAwait(false);
        var span = await TimeSpanOfData.MeasureAsync(session, "next_clean_events", null, cancellationToken).ConfigureAwait(false);
        await session.CommitAsync(cancellationToken).ConfigureAwait(false);

        var asOf = work.Input.AsOf ?? AsOf(span);
        var next = state with { AsOf = asOf, Report = state.Report with { AsOf = asOf, Sessions = report } };
        return new StageResult(work.Note(next, "sessions", report.Sessions, report.Shoppers, report.Orders), report.Events);
    }

    /// <summary>Just after the last event. A few stray dates after the end of the data must not make everybody look long gone.</summary>
    public static DateTimeOffset? AsOf(TimeSpanOfData? span) =>
        span is null ? null : span.Last - span.End > Stray ? span.End : span.Last.AddTicks(TimeSpan.TicksPerMicrosecond);
}
