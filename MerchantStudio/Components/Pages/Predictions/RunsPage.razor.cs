using MerchantStudio.Core.Pipeline;
using Microsoft.AspNetCore.Components;

namespace MerchantStudio.Components.Pages.Predictions;

public sealed partial class RunsPage
{
    private bool _starting;
    private bool _following;

    [Inject] public required RunsViewModel Model { get; init; }
    [Inject] public required TimeProvider Time { get; init; }

    private RunSummary? Latest => Model.Runs.FirstOrDefault(run => run.PublishedAt is not null);

    protected override async Task OnParametersSetAsync()
    {
        var scope = await ScopeAsync();
        if (!scope.Succeeded) return;
        await Model.ShowAsync(scope.Value, Leaving);
        if (!_following && Model.IsMoving) _ = FollowAsync();
    }

    private async Task FollowAsync()
    {
        _following = true;
        try
        {
            await Model.FollowAsync(ScopeAsync, Time, () => InvokeAsync(StateHasChanged), Leaving);
        }
        catch (OperationCanceledException)
        {
            // The page was left; the runs go on.
        }
        finally
        {
            _following = false;
        }
    }

    private async Task StartAsync()
    {
        _starting = true;
        try
        {
            var scope = await ScopeAsync();
            if (scope.Succeeded && await Model.StartAsync(scope.Value, null, Time, Leaving) is { } number) Navigation.NavigateTo(Link($"runs/{number}"));
        }
        finally
        {
            _starting = false;
        }
    }
}
