using MerchantStudio.Components.Kit;
using MerchantStudio.Components.Shell;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Insights.Customers;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Pipeline.Serving;
using MerchantStudio.Localization;
using Microsoft.AspNetCore.Components;

namespace MerchantStudio.Components.Pages.Customers;

public sealed partial class CustomerPage : StudioPage
{
    /// <summary>A reason that moves the chance by less shows as nothing.</summary>
    internal const double LeastPoints = 0.05;

    private PageState _state = PageState.Loading;
    private Problem? _problem;
    private CustomerView? _view;
    private ShopperScores? _live;
    private VisitChance? _visit;
    private (string Shopper, TimelineKind? Kind)? _opened;

    [Inject] public required CustomerReader Reader { get; init; }

    [Inject] public required LiveScores Live { get; init; }

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
        (_live, _visit) = (null, null);
        if (read.TryGet(out var view, out problem)) view = await WithLiveAsync(allowed!, view);
        _view = view;
        _problem = problem;
        _state = problem is null ? PageState.Ready : PageState.Problem;
    }

    /// <summary>Where something of hers has changed since the run, the chances are what the models say of her now; and how likely a visit that is under way ends in a purchase.</summary>
    private async Task<CustomerView> WithLiveAsync(WorkspaceScope scope, CustomerView view)
    {
        if (!(await Live.ExplainAsync(scope, new Core.Shop.ShopperId(ShopperId), Leaving)).TryGet(out var live, out _)) return view;
        _visit = live.Visit;
        if (view.Chances.IsEmpty || !live.IsLive) return view;
        _live = live;
        return view with { Chances = [.. live.Chances.Select(chance => new CustomerChance(chance.HorizonDays, chance.Probability, chance.Low, chance.High, [.. chance.Reasons.Select(reason => new ChanceReason(reason.Feature, reason.Value, reason.Points))]))] };
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
