using MerchantStudio.Core.Access;
using MerchantStudio.Core.Experiments;
using MerchantStudio.Localization;
using Microsoft.AspNetCore.Components;

namespace MerchantStudio.Components.Pages.Experiments;

public sealed partial class ExperimentPage
{
    private string? _opened;
    private bool _stopping;

    [Inject] public required ExperimentViewModel Model { get; init; }
    [Inject] public required Texts Texts { get; init; }
    [Parameter] public Guid Id { get; set; }

    private ExperimentWords Words => new(Texts);

    private string? SecondThought => Model.Reading?.Report.Comparisons switch
    {
        [{ Verdict: { Kind: VerdictKind.DidNotPay, SoldMore: true } }, ..] => T["Experiments.sold-more"],
        [{ Verdict.Kind: VerdictKind.BrokenSplit }, ..] => T["Experiments.broken-second"],
        _ => null,
    };

    protected override async Task OnParametersSetAsync()
    {
        var address = $"{Workspace}/{Id}";
        if (_opened == address) return;
        _opened = address;
        if ((await ScopeAsync()).TryGet(out var scope, out _)) await Model.ShowAsync(scope, Id, Leaving);
    }

    private async Task ActAsync(Func<WorkspaceScope, CancellationToken, Task<bool>> act)
    {
        if ((await ScopeAsync()).TryGet(out var scope, out _)) await act(scope, Leaving);
    }

    private Task StopAsync()
    {
        _stopping = false;
        return ActAsync(Model.StopAsync);
    }
}
