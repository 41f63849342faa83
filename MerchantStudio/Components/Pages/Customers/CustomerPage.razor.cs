using MerchantStudio.Components.Kit;
using MerchantStudio.Components.Shell;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Insights.Customers;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Localization;
using Microsoft.AspNetCore.Components;

namespace MerchantStudio.Components.Pages.Customers;

public sealed partial class CustomerPage : StudioPage
{
    /// <summary>A reason that moves the chance by less shows as nothing.</summary>
    private const double LeastPoints = 0.05;

    private PageState _state = PageState.Loading;
    private Problem? _problem;
    private CustomerView? _view;
    private (string Shopper, TimelineKind? Kind)? _opened;

    [Inject] public required CustomerReader Reader { get; init; }

    [Parameter] public string ShopperId { get; set; } = "";

    /// <summary>The kind of events that the timeline shows; all unless told.</summary>
    [SupplyParameterFromQuery] public string? Events { get; set; }

    private TimelineKind? Kind => Enum.TryParse<TimelineKind>(Events, ignoreCase: true, out var kind) && Enum.IsDefined(kind) ? kind : null;

    protected override Task OnParametersSetAsync() => _opened == (ShopperId, Kind) ? Task.CompletedTask : ShowAsync();

    private async Task ShowAsync()
    {
        _opened = (ShopperId, Kind);
        var scope = await ScopeAsync();
        var read = scope.TryGet(out var allowed, out var problem) ? await Reader.FindAsync(allowed, new Core.Shop.ShopperId(ShopperId), Kind, Leaving) : problem;
        _view = read.TryGet(out var view, out problem) ? view : null;
        _problem = problem;
        _state = problem is null ? PageState.Ready : PageState.Problem;
    }

    private void ShowKind(TimelineKind? kind) =>
        Navigation.NavigateTo(Navigation.GetUriWithQueryParameter("events", kind?.ToString().ToLowerInvariant()), replace: true);

    private string OfferLink(string group) => Link($"rules/new?when={Uri.EscapeDataString(ConditionJson.Write(new InSegment(["rfm:" + group])))}");

    private string ChancesTitle(CustomerView view) =>
        view.Chances.IsEmpty ? T["Customers.chances"] : T["Customers.chances-title", Show.Percent(view.Chances[^1].Probability), view.Chances[^1].HorizonDays];

    private string InterestsTitle(CustomerView view) => view.Interests switch
    {
        [] => T["Customers.interests"],
        [var only] => T["Customers.interests-title", only.Category],
        [var first, var then, ..] => T["Customers.interests-two", first.Category, then.Category],
    };

    private static string Days(DateTimeOffset from, DateTimeOffset to) => Show.Count((long)Math.Max(0, (to - from).TotalDays));
}
