using MerchantStudio.Components.Kit;
using MerchantStudio.Core.Access;
using Microsoft.AspNetCore.Components;

namespace MerchantStudio.Components.Pages.Predictions;

public sealed partial class TrainingPage
{
    [SupplyParameterFromQuery] public int? Days { get; set; }

    private Choice<int>[] Horizons => [.. Model.Offers.Select(offer => new Choice<int>(offer.HorizonDays, FeatureWords.Days(T, offer.HorizonDays), offer.Missing is not null || offer.Rows == 0, offer.Missing is { } missing ? ProblemText.Of(missing) : null))];

    protected override Task ShowAsync(WorkspaceScope scope) => Model.ShowAsync(scope, Days, ShownId, Leaving);
}
