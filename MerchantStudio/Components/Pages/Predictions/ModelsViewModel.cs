using System.Collections.Immutable;
using MerchantStudio.Components.Kit;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Pipeline;

namespace MerchantStudio.Components.Pages.Predictions;

/// <summary>Every model version, the one whose card is open, and making one serve.</summary>
public sealed class ModelsViewModel(ModelRegistry registry, ModelExports exports)
{
    public PageState State { get; private set; } = PageState.Loading;

    public Problem? Problem { get; private set; }

    /// <summary>Why the last promotion or export did not work.</summary>
    public Problem? Refused { get; private set; }

    /// <summary>The file that was last made.</summary>
    public ModelExport? Export { get; private set; }

    public ImmutableArray<ModelSummary> Models { get; private set; } = [];

    public ModelSummary? Chosen { get; private set; }

    public async Task ShowAsync(WorkspaceScope scope, Guid? chosen, CancellationToken cancellationToken)
    {
        var listed = await registry.ListAsync(scope, cancellationToken);
        if (!listed.TryGet(out var models, out var problem))
        {
            (State, Problem) = (PageState.Problem, problem);
            return;
        }

        Models = models;
        Chosen = models.FirstOrDefault(model => model.Id == chosen) ?? models.FirstOrDefault(model => model is { IsLive: true, Task: "intent-7" }) ?? models.FirstOrDefault(model => model.IsLive);
        State = models.IsEmpty ? PageState.Empty : PageState.Ready;
    }

    public async Task ExportAsync(WorkspaceScope scope, ModelSummary model, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(model);
        var outcome = await exports.ToOnnxAsync(scope, model.Id, cancellationToken);
        (Export, Refused) = (outcome.Succeeded ? outcome.Value : null, outcome.Problem);
    }

    public async Task PromoteAsync(WorkspaceScope scope, ModelSummary model, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(model);
        var promoted = await registry.PromoteAsync(scope, model.Id, cancellationToken);
        Refused = promoted.Problem;
        await ShowAsync(scope, model.Id, cancellationToken);
    }
}
