using System.Collections.Immutable;
using MerchantStudio.Components.Kit;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Components.Pages.Settings;

public sealed partial class ApiPage
{
    private static readonly Choice<string>[] Languages = [new("python", "Python"), new("node", "Node.js"), new("csharp", "C#")];

    private PageState _state = PageState.Loading;
    private Problem? _problem;
    private string _language = "python";
    private ImmutableArray<ApiCall> _calls = [];
    private ImmutableArray<ApiReason> _reasons = [];
    private ImmutableArray<ApiStatus> _states = [];

    private string Sample => _language switch { "node" => WebhookSamples.Node, "csharp" => WebhookSamples.CSharp, _ => WebhookSamples.Python };

    protected override async Task OnInitializedAsync()
    {
        var scope = await ScopeAsync();
        _problem = scope.Problem ?? scope.Value.Refusal(Right.ReadFigures);
        (_calls, _reasons, _states) = (ApiCalls.In(Shop.Currency), ApiWords.Reasons(T), ApiWords.States(T));
        _state = _problem is null ? PageState.Ready : PageState.Problem;
    }
}
