using System.Text.Json;
using MerchantStudio.Components.Kit;
using MerchantStudio.Components.Shell;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Ingestion.Running;
using MerchantStudio.Core.Jobs;
using MerchantStudio.Localization;
using Microsoft.AspNetCore.Components;

namespace MerchantStudio.Components.Pages.Data;

public sealed partial class ImportRunning : StudioPage
{
    private const int MostRates = 240;
    private readonly List<(double Second, double Rate)> _rates = [];
    private JobProgress? _progress;
    private ImportDetail? _detail;
    private double? _left;
    private bool _cancelling;

    [Parameter, EditorRequired] public required ImportRecord Record { get; set; }
    [Parameter, EditorRequired] public required IReadOnlyList<Crumb> Way { get; set; }
    [Parameter] public EventCallback OnEnded { get; set; }
    [Inject] public required JobQueue Jobs { get; init; }

    private string Rows => Show.Count(_progress?.Stages.FirstOrDefault()?.Total ?? _detail?.Rows ?? 0);

    private Plot Chart => new()
    {
        Data = [new PlotTrace { X = PlotValues.Of(_rates.Select(point => point.Second)), Y = PlotValues.Of(_rates.Select(point => point.Rate)), Name = T["Import.rate-about"], Mode = "lines", Line = PlotTrace.Solid(PlotColor.Series(1)) }],
        Layout = new PlotLayout { YAxis = PlotAxes.FromZero(_rates.Max(point => point.Rate), Show.Axis), ShowLegend = false },
    };

    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender) _ = InvokeAsync(WatchAsync);
    }

    private async Task WatchAsync()
    {
        try
        {
            var scope = await ScopeAsync();
            if (scope.Succeeded && Record.JobId is { } job)
            {
                await foreach (var snapshot in Jobs.WatchAsync(scope.Value, job, Leaving)) Take(snapshot);
            }

            await OnEnded.InvokeAsync();
        }
        catch (OperationCanceledException) when (Leaving.IsCancellationRequested)
        {
            // The page was left; the import goes on.
        }
    }

    private void Take(JobSnapshot snapshot)
    {
        _progress = snapshot.Progress;
        _left = _progress?.SecondsLeft;
        _detail = _progress?.Detail?.Deserialize<ImportDetail>(JsonSerializerOptions.Web) ?? _detail;
        if (_detail is not null && _progress is not null)
        {
            _rates.Add((_progress.Stages[0].Seconds, _detail.RowsPerSecond));
            if (_rates.Count > MostRates) _rates.RemoveAt(0);
        }

        StateHasChanged();
    }

    private async Task CancelAsync()
    {
        _cancelling = true;
        var scope = await ScopeAsync();
        if (scope.Succeeded && Record.JobId is { } job) await Jobs.CancelAsync(scope.Value, job, Leaving);
    }
}
