using MerchantStudio.Components.Kit;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Pipeline.Training;
using MerchantStudio.Localization;
using Microsoft.AspNetCore.Components;

namespace MerchantStudio.Components.Pages.Predictions;

public sealed partial class TrainingPage
{
    private bool _starting;
    private Guid? _following;

    [Inject] public required TrainingViewModel Model { get; init; }

    [SupplyParameterFromQuery] public int? Days { get; set; }

    [SupplyParameterFromQuery(Name = "training")] public Guid? ShownId { get; set; }

    private TrainingReport? Report => Model.Shown?.Report;

    private Choice<int>[] Questions => [.. Model.Offers.Select(offer => new Choice<int>(offer.HorizonDays, FeatureWords.Days(T, offer.HorizonDays), offer.Missing is not null || offer.Rows == 0, offer.Missing is { } missing ? ProblemText.Of(missing) : null))];

    private Choice<double>[] Times => [.. new double[] { 30, 120, 300 }.Select(seconds => new Choice<double>(seconds, seconds < 60 ? T["Training.seconds", seconds] : T["Training.minutes", seconds / 60]))];

    private static Choice<double>[] Memories => [.. new double[] { 256, 1024, 4096 }.Select(megabytes => new Choice<double>(megabytes, Megabytes(megabytes)))];

    private string? WhyNot => Model.Families.IsEmpty ? T["Problems.training.no-family"] : Model.Plan is null ? T["Training.wait"] : Model.Plan.Fits ? null : T["Problems.training.budget-too-small"];

    protected override async Task OnParametersSetAsync()
    {
        var scope = await ScopeAsync();
        if (!scope.Succeeded) return;
        await Model.ShowAsync(scope.Value, Days, ShownId, Leaving);
        _ = WatchAsync(scope.Value);
    }

    private static string Seconds(double seconds) => Show.Span(Math.Max(1, seconds));

    private static string Megabytes(double megabytes) => megabytes >= 1024 ? $"{Show.Number(megabytes / 1024, 0)} GB" : $"{Show.Number(Math.Max(1, megabytes), 0)} MB";

    /// <summary>Three curves fill one row, two or four stand two and two.</summary>
    private static string Span(int curves) => curves == 3 ? "span-4" : "span-6";

    private string StateText(TrainingSummary one) => T[$"Runs.state-{one.State.ToString().ToLowerInvariant()}"];

    private static Tone StateTone(TrainingSummary one) => one.State switch
    {
        JobState.Succeeded => Tone.Good,
        JobState.Failed => Tone.Bad,
        JobState.Cancelled or JobState.Interrupted => Tone.Attention,
        _ => Tone.Accent,
    };

    /// <summary>Redraws while a training is at work, and measures what the next would take when none is; ends when the page is left.</summary>
    private async Task WatchAsync(WorkspaceScope scope)
    {
        try
        {
            if (Model.Job is { IsFinished: false } job && _following != job.Id)
            {
                _following = job.Id;
                await Model.FollowAsync(scope, () => InvokeAsync(StateHasChanged), Leaving);
            }

            if (scope.Refusal(Right.RunPipeline) is null && RendererInfo.IsInteractive) await Model.MeasureAsync(scope, Leaving);
            await InvokeAsync(StateHasChanged);
        }
        catch (Exception left) when (left is OperationCanceledException or ObjectDisposedException)
        {
            // The page was left; the training goes on.
        }
    }

    private async Task StartAsync()
    {
        _starting = true;
        try
        {
            var scope = await ScopeAsync();
            if (!scope.Succeeded) return;
            await Model.StartAsync(scope.Value, Leaving);
            _ = WatchAsync(scope.Value);
        }
        finally
        {
            _starting = false;
        }
    }

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
}
