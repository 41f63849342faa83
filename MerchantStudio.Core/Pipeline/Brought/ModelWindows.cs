using MerchantStudio.Core.Features;
using MerchantStudio.Core.Insights.Intent;
using MerchantStudio.Core.Pipeline.Stages;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Pipeline.Brought;

/// <summary>Label windows of a published run, built once more from the published events by the same function that built them for training.</summary>
internal static class ModelWindows
{
    private const string Table = "work_model_window";

    /// <param name="cutoff">Features come from events before it, labels from the days after.</param>
    public static async Task<IntentWindow> BuildAsync(WorkspaceWarehouse warehouse, DateTimeOffset cutoff, int days, string timeZone, CancellationToken cancellationToken)
    {
        var session = await warehouse.BeginAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = session.ConfigureAwait(false);   // never committed: the table is gone with it
        await FeatureBuilder.BuildAsync(session, new FeatureQuestion(cutoff, days, timeZone, "clean_events"), Table, cancellationToken).ConfigureAwait(false);
        var read = await FeatureBuilder.ReadAsync(session, Table, cancellationToken).ConfigureAwait(false);
        return new IntentWindow(cutoff, cutoff.AddDays(days), IntentWindows.ForModels(read.Features), read.Labels!.Value);
    }
}
