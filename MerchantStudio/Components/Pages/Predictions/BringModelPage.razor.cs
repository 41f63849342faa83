using MerchantStudio.Components.Kit;
using MerchantStudio.Core.Learning.Evaluation;
using MerchantStudio.Core.Pipeline.Brought;
using MerchantStudio.Localization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;

namespace MerchantStudio.Components.Pages.Predictions;

public sealed partial class BringModelPage
{
    [Inject] public required BringModelViewModel Model { get; init; }

    private object[] Answers => Model.Trial is { } trial ? [trial.ChampionNumber, Show.Number(trial.Figures.Test.LogLoss, 4), Show.Number(trial.Champion.LogLoss, 4)] : [];

    private IReadOnlyList<Choice<float?>> Missings => [new(null, T["Brought.missing-nan"]), new(0, "0"), new(-1, "-1")];

    protected override async Task OnParametersSetAsync()
    {
        var scope = await ScopeAsync();
        Model.Show(scope.Problem ?? scope.Value.Refusal(Core.Access.Right.ManageModels));
    }

    private IReadOnlyList<Choice<string?>> Features(BroughtFile file) => [.. file.Features.Select(feature => new Choice<string?>(feature, FeatureWords.Name(T, feature)))];

    private IReadOnlyList<BroughtLine> Lines(BroughtTrial trial) =>
    [
        new(T["Brought.yours"], trial.Figures.Test),
        new(T["Brought.champion", trial.ChampionNumber, T["Models.family-" + trial.ChampionFamily]], trial.Champion),
        new(T["Models.majority"], trial.Figures.Majority),
    ];

    private async Task TakeAsync(IBrowserFile file)
    {
        var scope = await ScopeAsync();
        if (!scope.Succeeded) return;
        await using var content = file.OpenReadStream(BroughtModels.MostBytes + 1, Leaving);
        await Model.OpenAsync(scope.Value, file.Name, file.Size, content, Leaving);
    }

    private async Task TryAsync()
    {
        var scope = await ScopeAsync();
        if (scope.Succeeded) await Model.TryAsync(scope.Value, Leaving);
    }

    private async Task RegisterAsync()
    {
        var scope = await ScopeAsync();
        if (scope.Succeeded) await Model.RegisterAsync(scope.Value, Leaving);
    }

    private sealed record BroughtLine(string Name, BinaryReport Report);
}
