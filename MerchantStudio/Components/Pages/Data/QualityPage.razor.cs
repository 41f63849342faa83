using System.Collections.Immutable;
using MerchantStudio.Components.Kit;
using MerchantStudio.Components.Shell;
using MerchantStudio.Core.Jobs;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Pipeline;
using MerchantStudio.Core.Quality;
using MerchantStudio.Localization;
using Microsoft.AspNetCore.Components;

namespace MerchantStudio.Components.Pages.Data;

public sealed partial class QualityPage : StudioPage
{
    private QualityReport? _report;
    private PageState _state = PageState.Loading;
    private Problem? _problem;
    private string? _reason;
    private bool _measuring;
    private bool _asking;
    private bool _tried;
    private bool _comparing;
    private ImmutableArray<QualityPoint> _history = [];
    private DriftReport? _drift;

    [Inject] public required QualityGate Gate { get; init; }
    [Inject] public required DriftCheck Drift { get; init; }
    [Inject] public required JobQueue Jobs { get; init; }

    private int Warnings => _report?.Checks.Count(check => check.Verdict == QualityVerdict.Warn) ?? 0;

    private IReadOnlyList<QualityCheck> Ordered => [.. _report!.Checks.OrderByDescending(check => check.Verdict).ThenBy(check => check.Aspect)];

    protected override Task OnInitializedAsync() => MeasureAsync();

    private async Task MeasureAsync()
    {
        _measuring = true;
        var scope = await ScopeAsync();
        var measured = scope.TryGet(out var allowed, out _problem) ? await Gate.MeasureAsync(allowed, Leaving) : _problem;
        if (measured.Succeeded)
        {
            _history = (await Gate.HistoryAsync(allowed!, Leaving)).TryGet(out var points, out _) ? points : [];
            _drift = (await Drift.ReadAsync(allowed!, Leaving)).TryGet(out var drift, out _) ? drift : null;
        }

        _measuring = false;
        _report = measured.TryGet(out var report, out _problem) ? report : null;
        _state = _report is null ? PageState.Problem : _report.Checks is [{ Key: "data.none" }] ? PageState.Empty : PageState.Ready;
    }

    /// <summary>Also measures the data anew, for drift is one of the checks.</summary>
    private async Task CompareAsync()
    {
        _comparing = true;
        var scope = await ScopeAsync();
        var compared = scope.TryGet(out var allowed, out _problem) ? await Drift.MeasureAsync(allowed, Leaving) : _problem;
        _comparing = false;
        if (compared.TryGet(out _, out _problem)) await MeasureAsync();
        else _state = PageState.Problem;
    }

    private async Task OverrideAsync()
    {
        _tried = true;
        if (string.IsNullOrWhiteSpace(_reason)) return;
        var scope = await ScopeAsync();
        var asked = scope.TryGet(out var allowed, out _problem) ? await Jobs.EnqueueAsync(allowed, "pipeline", new PipelineJobInput(OverrideReason: _reason), Leaving) : _problem;
        if (asked.TryGet(out _, out _problem)) Navigation.NavigateTo(Link("runs"));
        else _state = PageState.Problem;
    }

    private string Value(QualityCheck check) => check.Unit switch
    {
        QualityUnit.Share => Show.Percent(check.Value),
        QualityUnit.Days when check.Usual is { } usual => T["Quality.days-usual", Show.Count((long)check.Value), Show.Number(usual, 0)],
        QualityUnit.Days => T["Quality.days", Show.Count((long)check.Value)],
        _ => Show.Count((long)check.Value),
    };
}
