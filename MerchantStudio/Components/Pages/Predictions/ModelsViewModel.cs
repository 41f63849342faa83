using System.Collections.Immutable;
using MerchantStudio.Components.Kit;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Pipeline;
using MerchantStudio.Core.Pipeline.Training;

namespace MerchantStudio.Components.Pages.Predictions;

/// <summary>Every model version, the one whose card is open, and making one serve.</summary>
public sealed class ModelsViewModel(ModelRegistry registry, ModelExports exports, ModelComparisons comparisons, ModelRepeats repeats)
{
    public PageState State { get; private set; } = PageState.Loading;

    public Problem? Problem { get; private set; }

    /// <summary>Why the last promotion or export did not work.</summary>
    public Problem? Refused { get; private set; }

    /// <summary>The file that was last made of the chosen one.</summary>
    public ModelExport? Export { get; private set; }

    public ImmutableArray<ModelSummary> Models { get; private set; } = [];

    public ModelSummary? Chosen { get; private set; }

    /// <summary>Versions that were switched off and in whose question no newer one has come into being since.</summary>
    public IEnumerable<ModelSummary> SwitchedOff => Models.Where(model => model.Off is { } off && !Models.Any(other => other.Task == model.Task && other.CreatedAt > off.At));

    /// <summary>What served before the chosen one, where that is live.</summary>
    public ModelSummary? Former => Chosen is { IsLive: true } live ? Models.FirstOrDefault(model => model.Task == live.Task && model is { ServedBefore: true, FileThere: true, Off: null }) : null;

    /// <summary>Other versions that answer the chosen one's question.</summary>
    public ImmutableArray<ModelSummary> Rivals => Chosen is { Figures: not null } chosen ? [.. Models.Where(model => model.Task == chosen.Task && model.Id != chosen.Id && model.FileThere)] : [];

    /// <summary>The one beside which the chosen one is shown: the live one unless another is asked for.</summary>
    public ModelSummary? Other { get; private set; }

    public ModelComparison? Comparison { get; private set; }

    /// <summary>Why there is no comparison beside <see cref="Other"/>.</summary>
    public Problem? NotCompared { get; private set; }

    /// <summary>How training the chosen one again ended.</summary>
    public ModelRepeat? Repeat { get; private set; }

    /// <param name="beside">The version to compare with; null for the live one.</param>
    public async Task ShowAsync(WorkspaceScope scope, Guid? chosen, Guid? beside, CancellationToken cancellationToken)
    {
        var listed = await registry.ListAsync(scope, cancellationToken);
        if (!listed.TryGet(out var models, out var problem))
        {
            (State, Problem) = (PageState.Problem, problem);
            return;
        }

        Models = models;
        var before = Chosen?.Id;
        Chosen = models.FirstOrDefault(model => model.Id == chosen) ?? models.FirstOrDefault(model => model is { IsLive: true, Task: "intent-7" }) ?? models.FirstOrDefault(model => model.IsLive);
        if (Chosen?.Id != before) Export = null;
        if (Repeat is { } repeat && repeat.Number != Chosen?.Number) Repeat = null;
        Other = Rivals.FirstOrDefault(model => model.Id == beside) ?? Rivals.FirstOrDefault(model => model.IsLive) ?? Rivals.FirstOrDefault();
        (Comparison, NotCompared) = (null, null);
        if (Other is { } other)
        {
            var compared = await comparisons.CompareAsync(scope, other.Id, Chosen!.Id, cancellationToken);
            (Comparison, NotCompared) = (compared.Succeeded ? compared.Value : null, compared.Problem);
        }

        State = models.IsEmpty ? PageState.Empty : PageState.Ready;
    }

    public async Task ExportAsync(WorkspaceScope scope, ModelSummary model, bool eightBit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(model);
        var outcome = await exports.ToOnnxAsync(scope, model.Id, eightBit, cancellationToken);
        (Export, Refused) = (outcome.Succeeded ? outcome.Value : null, outcome.Problem);
    }

    public async Task PromoteAsync(WorkspaceScope scope, ModelSummary model, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(model);
        var promoted = await registry.PromoteAsync(scope, model.Id, cancellationToken);
        Refused = promoted.Problem;
        await ShowAsync(scope, model.Id, null, cancellationToken);
    }

    /// <summary>Trains the model once more and says whether the bits agree.</summary>
    public async Task RepeatAsync(WorkspaceScope scope, ModelSummary model, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(model);
        var outcome = await repeats.RepeatAsync(scope, model.Id, cancellationToken);
        (Repeat, Refused) = (outcome.Succeeded ? outcome.Value : null, outcome.Problem);
    }
}
