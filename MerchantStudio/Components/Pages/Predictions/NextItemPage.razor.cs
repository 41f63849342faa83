using MerchantStudio.Core.Access;

namespace MerchantStudio.Components.Pages.Predictions;

public sealed partial class NextItemPage
{
    protected override Task ShowAsync(WorkspaceScope scope) => Model.ShowAsync(scope, ShownId, Leaving);
}
