using System.Collections.Immutable;
using MerchantStudio.Components.Shell;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Ingestion;
using MerchantStudio.Core.Outcomes;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;

namespace MerchantStudio.Components.Pages.Data;

public sealed partial class ImportPage : StudioPage
{
    private static readonly string[] Forms = ["shopify-orders", "woocommerce-orders", "taobao-orders", "douyin-orders", "ga4-events", "judgeme-reviews", "taobao-userbehavior", "online-retail"];
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(250);
    private ImmutableArray<ImportRecord> _recent = [];
    private IBrowserFile? _taking;
    private CancellationTokenSource? _stop;
    private Problem? _problem;
    private long _taken;
    private long _shown;

    [Inject] public required FileImporter Importer { get; init; }

    [Inject] public required TimeProvider Clock { get; init; }

    protected override async Task OnInitializedAsync()
    {
        var scope = await ScopeAsync();
        if (scope.Succeeded) _recent = [.. (await Importer.HistoryAsync(scope.Value, Leaving)).Take(20)];
    }

    private async Task TakeAsync(IBrowserFile file)
    {
        _problem = null;
        (_taken, _taking) = (0, file);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(Leaving);
        try
        {
            var scope = await ScopeAsync();
            if (!scope.TryGet(out var allowed, out _problem)) return;
            await using var content = file.OpenReadStream(long.MaxValue, _stop.Token);
            var staged = await Importer.StageAsync(allowed, content, file.Name, file.Size, new Progress(this), _stop.Token);
            if (staged.TryGet(out var record, out _problem)) Navigation.NavigateTo(Link($"data/import/{record.Id}"));
        }
        catch (OperationCanceledException) when (!Leaving.IsCancellationRequested)
        {
            // Cancelled by the person who uploads; the page is ready for the next file.
        }
        finally
        {
            _taking = null;
            _stop.Dispose();
            _stop = null;
        }
    }

    private Task CancelAsync() => _stop?.CancelAsync() ?? Task.CompletedTask;

    protected override void Dispose(bool disposing)
    {
        if (disposing) _stop?.Cancel();
        base.Dispose(disposing);
    }

    /// <summary>Shows the bytes taken a few times a second.</summary>
    private sealed class Progress(ImportPage page) : IProgress<long>
    {
        public void Report(long value)
        {
            page._taken = value;
            var now = page.Clock.GetTimestamp();
            if (page.Clock.GetElapsedTime(page._shown, now) < Beat) return;
            page._shown = now;
            _ = page.InvokeAsync(page.StateHasChanged);
        }
    }
}
