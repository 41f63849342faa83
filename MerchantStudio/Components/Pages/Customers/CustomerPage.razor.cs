using System.Text.Json;
using MerchantStudio.Components.Kit;
using MerchantStudio.Components.Shell;
using MerchantStudio.Core.Insights.Customers;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Reviews;
using Microsoft.AspNetCore.Components;

namespace MerchantStudio.Components.Pages.Customers;

public sealed partial class CustomerPage : StudioPage
{
    private PageState _state = PageState.Loading;
    private Problem? _problem;
    private CustomerView? _view;

    [Inject] public required CustomerReader Reader { get; init; }

    [Parameter] public string ShopperId { get; set; } = "";

    protected override Task OnParametersSetAsync() => _view?.Facts.ShopperId == ShopperId ? Task.CompletedTask : ShowAsync();

    private async Task ShowAsync()
    {
        var scope = await ScopeAsync();
        var read = scope.TryGet(out var allowed, out var problem) ? await Reader.FindAsync(allowed, new Core.Shop.ShopperId(ShopperId), Leaving) : problem;
        _view = read.TryGet(out var view, out problem) ? view : null;
        _problem = problem;
        _state = problem is null ? PageState.Ready : PageState.Problem;
    }

    private static string Icon(TimelineKind kind) => kind switch
    {
        TimelineKind.Order => "bag",
        TimelineKind.Refund => "undo",
        TimelineKind.Cart => "basket",
        TimelineKind.Review => "comment",
        TimelineKind.Offer => "tag",
        _ => "eye",
    };

    private static WordWeight[] Marks(TimelineReview review) =>
        review.WordsJson is null ? [] : JsonSerializer.Deserialize<WordWeight[]>(review.WordsJson, JsonSerializerOptions.Web) ?? [];
}
