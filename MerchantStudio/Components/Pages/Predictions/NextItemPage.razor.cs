using MerchantStudio.Components.Kit;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.Pipeline.NextItem;
using Microsoft.AspNetCore.Components;

namespace MerchantStudio.Components.Pages.Predictions;

public sealed partial class NextItemPage
{
    private bool _starting;
    private Guid? _following;

    [Inject] public required NextItemViewModel Model { get; init; }

    private NextItemReport? Report => Model.Shown?.Report;

    private Choice<double>[] Times => [.. new double[] { 30, 120, 300 }.Select(seconds => new Choice<double>(seconds, seconds < 60 ? T["Training.seconds", seconds] : T["Training.minutes", seconds / 60]))];

    private string? WhyNot => Model.Families.IsEmpty ? T["Problems.training.no-family"] : Model.Plan is null ? T["Training.wait"] : Model.Plan.Fits ? null : T["Problems.training.budget-too-small"];

    protected override async Task OnParametersSetAsync()
    {
        var scope = await ScopeAsync();
        if (!scope.Succeeded) return;
        await Model.ShowAsync(scope.Value, Leaving);
        _ = WatchAsync(scope.Value);
    }

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
