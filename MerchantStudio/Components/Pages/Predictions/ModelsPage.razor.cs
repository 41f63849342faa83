using System.Globalization;
using MerchantStudio.Components.Kit;
using MerchantStudio.Core.Pipeline;
using Microsoft.AspNetCore.Components;

namespace MerchantStudio.Components.Pages.Predictions;

public sealed partial class ModelsPage
{
    private bool _asking;
    private bool _goingBack;
    private bool _repeating;

    /// <summary>Whether the file under way has 8-bit numbers; null while there is none.</summary>
    private bool? _exporting;

    [Inject] public required ModelsViewModel Model { get; init; }

    [Inject] public required Downloads Downloads { get; init; }

    [SupplyParameterFromQuery(Name = "model")] public Guid? ChosenId { get; set; }

    [SupplyParameterFromQuery(Name = "beside")] public Guid? BesideId { get; set; }

    /// <summary>On its test; null for a model that answers no yes-or-no question.</summary>
    private static double? Auroc(ModelSummary model) => (model.Figures?.Test ?? model.SessionEnd?.Metrics.Test)?.Auroc;

    protected override async Task OnParametersSetAsync()
    {
        var scope = await ScopeAsync();
        if (scope.Succeeded) await Model.ShowAsync(scope.Value, ChosenId, BesideId, Leaving);
    }

    private async Task PromoteAsync()
    {
        var scope = await ScopeAsync();
        if (scope.Succeeded && Model.Chosen is { } chosen) await Model.PromoteAsync(scope.Value, chosen, Leaving);
    }

    /// <summary>One click: what served before serves again, and the present version is kept, so that the way back is open too.</summary>
    private async Task GoBackAsync(ModelSummary former)
    {
        _goingBack = true;
        try
        {
            var scope = await ScopeAsync();
            if (scope.Succeeded) await Model.PromoteAsync(scope.Value, former, Leaving);
        }
        finally
        {
            _goingBack = false;
        }
    }

    private async Task RepeatAsync()
    {
        _repeating = true;
        try
        {
            var scope = await ScopeAsync();
            if (scope.Succeeded && Model.Chosen is { } chosen) await Model.RepeatAsync(scope.Value, chosen, Leaving);
        }
        finally
        {
            _repeating = false;
        }
    }

    private async Task ExportAsync(bool eightBit)
    {
        _exporting = eightBit;
        try
        {
            var scope = await ScopeAsync();
            if (!scope.Succeeded || Model.Chosen is not { } chosen) return;
            await Model.ExportAsync(scope.Value, chosen, eightBit, Leaving);
            if (Model.Export is { } export) await Downloads.SaveAsync(export.FileName, new MemoryStream(export.Content), Leaving);
        }
        finally
        {
            _exporting = null;
        }
    }

    private string Task(ModelSummary model) => model.Facts is null ? T["Models.task-" + model.Task] : T["Models.task-intent", FeatureWords.Days(T, Horizon(model))];

    private static int Horizon(ModelSummary model) => int.Parse(model.Task["intent-".Length..], CultureInfo.InvariantCulture);

    private string OffText(ModelSummary model)
    {
        var off = model.Off!;
        return Model.Models.FirstOrDefault(other => other.IsLive && other.Task == model.Task) is { } serves
            ? T["Models.off-note", Task(model), model.Number, Shop.Time(off.At), ModelSwitchedOff.Faults, ProblemText.Of(off.Why), serves.Number]
            : T["Models.off-note-none", Task(model), model.Number, Shop.Time(off.At), ModelSwitchedOff.Faults, ProblemText.Of(off.Why)];
    }
}
