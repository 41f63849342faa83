using MerchantStudio.Core.Access;

namespace MerchantStudio.Components.Pages.Predictions;

public sealed partial class SessionEndPage
{
    protected override Task ShowAsync(WorkspaceScope scope) => Model.ShowAsync(scope, ShownId, Leaving);
}
