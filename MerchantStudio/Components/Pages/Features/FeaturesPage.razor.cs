using MerchantStudio.Components.Shell;
using MerchantStudio.Core.Features;
using MerchantStudio.Core.Pipeline;
using Microsoft.AspNetCore.Components;

namespace MerchantStudio.Components.Pages.Features;

public sealed partial class FeaturesPage : StudioPage
{
    private FeaturesViewModel? _model;

    [Inject] public required FeatureStudy Study { get; init; }
    [Inject] public required PipelineReports Reports { get; init; }

    /// <summary>Key of the feature that is looked at closely.</summary>
    [SupplyParameterFromQuery] public string? Feature { get; set; }

    private FeaturesViewModel Model => _model ??= new FeaturesViewModel(Study, Reports);

    protected override Task OnParametersSetAsync() =>
        Model.Lines.IsEmpty ? ShowAsync() : Model.ChooseAsync(Feature, Leaving);

    private async Task ShowAsync() => await Model.ShowAsync(await ScopeAsync(), Feature, Leaving);
}
