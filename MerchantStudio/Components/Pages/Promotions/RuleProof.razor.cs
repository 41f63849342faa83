using MerchantStudio.Components.Kit;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.Outcomes;
using Microsoft.AspNetCore.Components;

namespace MerchantStudio.Components.Pages.Promotions;

public sealed partial class RuleProof
{
    private (Guid?, int)? _shown;
    private Task? _following;
    private bool _busy;

    [Inject] public required ReplayViewModel Model { get; init; }
    [Inject] public required Toasts Toasts { get; init; }

    /// <summary>Null before the rule is saved.</summary>
    [Parameter, EditorRequired] public required Guid? RuleId { get; set; }

    /// <summary>A new one has everything read again.</summary>
    [Parameter] public int Revision { get; set; }

    /// <summary>There are changes that are not saved.</summary>
    [Parameter] public bool Dirty { get; set; }

    [Parameter] public bool Frozen { get; set; }

    protected override async Task OnParametersSetAsync()
    {
        if (_shown == (RuleId, Revision)) return;
        _shown = (RuleId, Revision);
        if (RuleId is { } rule) await ActAsync(scope => Model.OpenAsync(scope, rule, Leaving));
        Follow();
    }

    private Task ReplayAsync() => ActAsync(async scope =>
    {
        await Model.StartAsync(scope, Leaving);
        Follow();
    });

    private Task CancelAsync() => ActAsync(scope => Model.CancelAsync(scope, Leaving));

    private Task CompareAsync() => ActAsync(scope => Model.CompareAsync(scope, Leaving));

    private Task ExportAsync(bool printable) => ActAsync(scope => Model.SaveReportAsync(scope, printable, Shop.Currency, Leaving));

    private async Task<Problem?> JustifyAsync((string Finding, string Reason) answer)
    {
        if (!(await ScopeAsync()).TryGet(out var scope, out var problem)) return problem;
        problem = await Model.JustifyAsync(scope, answer.Finding, answer.Reason, Leaving);
        if (problem is null) Toasts.Say(T["Promotions.justified"]);

        // The panel that asked renders itself only; what it shows comes from here.
        StateHasChanged();
        return problem;
    }

    private void Follow()
    {
        if (Model.Job is not { IsFinished: false } || _following is { IsCompleted: false }) return;
        _following = InvokeAsync(async () =>
        {
            try
            {
                if ((await ScopeAsync()).TryGet(out var scope, out _)) await Model.FollowAsync(scope, () => InvokeAsync(StateHasChanged), Leaving);
            }
            catch (OperationCanceledException)
            {
                // The page was left; the replay goes on.
            }
        });
    }

    private async Task ActAsync(Func<WorkspaceScope, Task> act)
    {
        if (!(await ScopeAsync()).TryGet(out var scope, out _)) return;
        _busy = true;
        try
        {
            await act(scope);
        }
        finally
        {
            _busy = false;
        }
    }
}
