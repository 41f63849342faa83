using System.Globalization;
using MerchantStudio.Components.Kit;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Pipeline;
using MerchantStudio.Localization;
using Microsoft.AspNetCore.Components;

namespace MerchantStudio.Components.Pages.Predictions;

public sealed partial class RunPage
{
    private Plot? _curve;
    private bool _asking;
    private bool _starting;
    private string? _reason;
    private int _following;

    [Inject] public required RunViewModel Model { get; init; }
    [Inject] public required RunsViewModel Runs { get; init; }
    [Inject] public required TimeProvider Time { get; init; }

    [Parameter] public int Number { get; set; }

    private RunSummary Summary => Model.Run!.Summary;

    private string Outcome => Summary.PublishedAt is not null ? T["Runs.published-second"] : T["Runs.unpublished-second"];

    private IEnumerable<IntentSection> Measured => (Model.Run!.Report?.Intent ?? []).Where(section => section.Report is not null);

    private IEnumerable<(string Name, string Value, string? About)> Facts
    {
        get
        {
            var report = Model.Run!.Report;
            if (report?.Cleaning is { } cleaning) yield return (T["Runs.events"], T["Runs.kept-of", Show.Count(cleaning.Kept), Show.Count(cleaning.Rows)], T["Runs.events-about"]);
            if (report?.Quality is { } quality) yield return (T["Runs.quality"], T["Runs.of-100", quality.Score], T["Quality.score-about"]);
            if (report?.Sessions is { } sessions) yield return (T["Runs.shoppers"], Show.Count(sessions.Shoppers), T["Runs.shoppers-about"]);
            if (report?.AsOf is { } asOf) yield return (T["Runs.as-of"], Shop.Time(asOf), T["Runs.as-of-about"]);
            foreach (var section in report?.Intent ?? []) yield return (T["Runs.predicts", FeatureWords.Days(T, section.HorizonDays)], section.Report is { } intent ? T["Runs.buyers", Show.Percent((double)intent.Training.Buyers / intent.Training.Shoppers)] : section.Problem is null ? "…" : T["Runs.not-offered"], T["Runs.predicts-about"]);
            if (report?.Segments?.Report is { } segments) yield return (T["Runs.clusters"], Show.Count(segments.Clusters?.K ?? 1), T["Runs.clusters-about"]);
            if (report?.Sentiment?.Report is { } sentiment) yield return (T["Runs.sentiment"], T["Runs.macro-f1", Show.Number(sentiment.Metrics.MacroF1, 2)], T["Runs.sentiment-about"]);
            yield return (T["Models.seed"], Summary.Seed.ToString(CultureInfo.InvariantCulture), T["Models.seed-about"]);
            if (Summary.DataHash is { Length: >= 12 } hash) yield return (T["Models.data-hash"], hash[..12], T["Models.data-hash-about"]);
        }
    }

    public static string StateKey(RunSummary run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return run.PublishedAt is not null && run.State == JobState.Succeeded ? "published" : run.State.ToString().ToLowerInvariant();
    }

    public static Tone ToneOf(RunSummary run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return run.State switch
        {
            JobState.Succeeded => Tone.Good,
            JobState.Failed => Tone.Bad,
            JobState.Cancelled or JobState.Interrupted => Tone.Attention,
            _ => Tone.Accent,
        };
    }

    protected override async Task OnParametersSetAsync()
    {
        var scope = await ScopeAsync();
        if (!scope.Succeeded) return;
        await Model.ShowAsync(scope.Value, Number, Leaving);
        Draw();
        if (_following == Number || Model.Run?.Summary.State != JobState.Running) return;
        _following = Number;
        _ = FollowAsync(scope.Value);
    }

    /// <summary>Redraws as the run goes on; ends with the run or when the page is left.</summary>
    private async Task FollowAsync(Core.Access.WorkspaceScope scope)
    {
        try
        {
            await Model.FollowAsync(scope, Number, () => InvokeAsync(() =>
            {
                Draw();
                StateHasChanged();
            }), Leaving);
        }
        catch (OperationCanceledException)
        {
            // The page was left; the run goes on.
        }
    }

    private void Draw()
    {
        _curve = Model.Curve is { } curve ? LearningCurves.Of(curve.Steps, T, curve.Family) : null;
    }

    private string NoteText(PipelineNote note) => RunNoteWords.Text(T, note, Model.Run?.Report, DateOnly.FromDateTime(Shop.Now.DateTime));

    private async Task StopHereAsync()
    {
        var scope = await ScopeAsync();
        if (scope.Succeeded) await Model.StopHereAsync(scope.Value, Leaving);
    }

    private async Task CancelAsync()
    {
        var scope = await ScopeAsync();
        if (scope.Succeeded) await Model.CancelAsync(scope.Value, Leaving);
    }

    private async Task OverrideAsync()
    {
        _starting = true;
        try
        {
            var scope = await ScopeAsync();
            if (scope.Succeeded && await Runs.StartAsync(scope.Value, _reason, Time, Leaving) is { } number) Navigation.NavigateTo(Link($"runs/{number}"));
        }
        finally
        {
            _starting = false;
        }
    }
}
