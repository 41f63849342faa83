using MerchantStudio.Components.Shell;
using MerchantStudio.Core.Demo;
using Microsoft.AspNetCore.Components;

namespace MerchantStudio.Components.Pages.Truth;

public sealed partial class TruthPage : StudioPage
{
    [Inject] public required DemoScoreboard Scoreboard { get; init; }

    private TruthViewModel Model { get; } = new();

    protected override Task OnInitializedAsync() => ShowAsync();

    private async Task ShowAsync() => await Model.ShowAsync(Scoreboard, await ScopeAsync(), Leaving);
}
