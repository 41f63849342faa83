using MerchantStudio.Components.Shell;
using MerchantStudio.Core.Access;
using Microsoft.AspNetCore.Components;

namespace MerchantStudio.Components.Pages.Predictions;

/// <summary>A question of the training page: reads its model for the address, and follows the training at work while the page is open.</summary>
public abstract class QuestionPage<TModel> : StudioPage
    where TModel : QuestionViewModel
{
    private Guid? _following;

    [Inject] public required TModel Model { get; init; }

    [SupplyParameterFromQuery(Name = "training")] public Guid? ShownId { get; set; }

    /// <summary>Reads what the address asks for.</summary>
    protected abstract Task ShowAsync(WorkspaceScope scope);

    protected override async Task OnParametersSetAsync()
    {
        var scope = await ScopeAsync();
        if (!scope.Succeeded) return;
        await ShowAsync(scope.Value);
        _ = WatchAsync(scope.Value);
    }

    protected Task StartAsync() => WishAsync(async scope =>
    {
        await Model.StartAsync(scope, Leaving);
        _ = WatchAsync(scope);
    });

    protected Task StopHereAsync() => WishAsync(scope => Model.StopHereAsync(scope, Leaving));

    protected Task CancelAsync() => WishAsync(scope => Model.CancelAsync(scope, Leaving));

    protected Task PromoteAsync(Core.Pipeline.ModelSummary version) => WishAsync(scope => Model.PromoteAsync(scope, version, Leaving));

    private async Task WishAsync(Func<WorkspaceScope, Task> grant)
    {
        var scope = await ScopeAsync();
        if (scope.Succeeded) await grant(scope.Value);
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
}
