using System.Globalization;
using MerchantStudio.Core.Features.Cleaning;
using MerchantStudio.Core.Features.Identities;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Pipeline.Upkeep;

namespace MerchantStudio.Core.Pipeline.Stages;

/// <summary>Sets aside the rows that must not count; the raw rows stay.</summary>
internal sealed class CleanStage : IPipelineStage
{
    public string Key => "clean";

    public async Task<Outcome<StageResult>> RunAsync(PipelineState state, PipelineWork work, CancellationToken cancellationToken)
    {
        var session = await work.Warehouse.BeginAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = session.ConfigureAwait(false);
        if (await session.ScalarAsync<bool>("select not exists (select 1 from events) and not exists (select 1 from reviews)", [], cancellationToken).ConfigureAwait(false)) return new NothingToLearnFrom();
        await IdentityStitcher.StitchAsync(session, work.Time.GetUtcNow(), cancellationToken).ConfigureAwait(false);
        var (settings, now) = (CleaningSettings.Of(work.Shop), work.Time.GetUtcNow());
        var report = await EventCleaner.RunAsync(session, settings, now, cancellationToken, work.Warehouse).ConfigureAwait(false);
        if (work.Input.AsOf is { } asOf)
        {
            await session.ExecuteAsync($"delete from {EventCleaner.CleanedTable} where ts >= $1", [asOf], cancellationToken).ConfigureAwait(false);
            if (report.Kept > 0 && await session.ScalarAsync<long>($"select count(*) from {EventCleaner.CleanedTable}", [], cancellationToken).ConfigureAwait(false) == 0) return new AsOfBeforeData(asOf);
        }

        await RunMemory.WriteAsync(session, settings, work.Shop.TimeZone, now, work.Input.AsOf, RunChoices.Of(work.Shop), cancellationToken).ConfigureAwait(false);
        await session.CommitAsync(cancellationToken).ConfigureAwait(false);
        var next = state with { Report = state.Report with { Cleaning = report } };
        if (report.Rows > report.Kept) next = work.Note(next, "left-out", report.Rows - report.Kept, report.Rows);
        foreach (var missing in report.Money?.Missing ?? []) next = work.Note(next, "no-rate", missing.Lines, missing.Currency, missing.Days.Length, missing.Days[0].ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), missing.Days[^1].ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        return new StageResult(next, report.Rows);
    }
}
