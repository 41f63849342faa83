using MerchantStudio.Components.Kit;
using MerchantStudio.Components.Shell;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Insights.Customers;
using MerchantStudio.Core.Outcomes;
using Microsoft.AspNetCore.Components;

namespace MerchantStudio.Components.Pages.Customers;

public sealed partial class CustomersPage : StudioPage
{
    private PageState _state = PageState.Loading;
    private Problem? _problem;
    private CustomerSummary? _summary;
    private (long Total, long All)? _found;

    [Inject] public required CustomerReader Reader { get; init; }

    /// <summary>"yes", "no", or everybody.</summary>
    [SupplyParameterFromQuery] public string? Bought { get; set; }

    /// <summary>RFM group key.</summary>
    [SupplyParameterFromQuery] public string? Group { get; set; }

    /// <summary>Favourite category.</summary>
    [SupplyParameterFromQuery] public string? Category { get; set; }

    private bool? Buyers => Bought switch { "yes" => true, "no" => false, _ => null };

    private List<Choice<string>> Groups =>
        [new("", T["Customers.every-group"]), .. ConditionCatalog.RfmGroups.Select(key => new Choice<string>(key, T[$"Segments.rfm-{key}"]))];

    private List<Choice<string>> Categories =>
        [new("", T["Customers.every-category"]), .. (_summary?.Categories ?? []).Select(name => new Choice<string>(name, name))];

    private List<(string Text, Func<Task> Remove)> Chips
    {
        get
        {
            var chips = new List<(string, Func<Task>)>();
            if (Group is not null) chips.Add((T["Customers.group-is", T[$"Segments.rfm-{Group}"]], () => GoAsync(Buyers, null, Category)));
            if (Category is not null) chips.Add((T["Customers.category-is", Category], () => GoAsync(Buyers, Group, null)));
            return chips;
        }
    }

    private IReadOnlyList<Choice<bool?>> Who => [new(null, T["Customers.everyone"]), new(true, T["Customers.buyers"]), new(false, T["Customers.not-yet"])];

    protected override Task OnInitializedAsync() => ShowAsync();

    private async Task ShowAsync()
    {
        var scope = await ScopeAsync();
        var read = scope.TryGet(out var allowed, out var problem) ? await Reader.SummaryAsync(allowed, Leaving) : problem;
        _summary = read.TryGet(out var summary, out problem) ? summary : null;

        // Who may only look up one customer sees the search without the shop's figures.
        _problem = problem is AccessRefused && allowed is not null ? null : problem;
        _state = _problem switch { null => PageState.Ready, CustomersNotReady => PageState.Empty, _ => PageState.Problem };
    }

    private Task GoAsync(bool? buyers, string? group, string? category)
    {
        Go(buyers, group, category);
        return Task.CompletedTask;
    }

    private void Go(bool? buyers, string? group, string? category) => Navigation.NavigateTo(
        Navigation.GetUriWithQueryParameters(new Dictionary<string, object?>
        {
            ["bought"] = buyers switch { true => "yes", false => "no", null => null },
            ["group"] = string.IsNullOrEmpty(group) ? null : group,
            ["category"] = string.IsNullOrEmpty(category) ? null : category,
        }),
        replace: true);

    private async ValueTask<TablePage<CustomerRow>> LoadAsync(TableRequest request, CancellationToken cancellationToken)
    {
        var scope = await ScopeAsync();
        if (!scope.TryGet(out var allowed, out _)) return new TablePage<CustomerRow>([], 0);
        var order = request.SortKey switch
        {
            "id" => CustomerOrder.ShopperId,
            "spent" => CustomerOrder.Spent,
            "orders" => CustomerOrder.Orders,
            "intent" => CustomerOrder.Intent,
            "sentiment" => CustomerOrder.Sentiment,
            _ => CustomerOrder.LastSeen,
        };
        var page = await Reader.ListAsync(allowed, new CustomerQuestion(request.Filter, Group, Buyers, Category, Order: order, Descending: request.SortKey is null || request.Descending), request.Skip, request.Take, cancellationToken);
        if (!page.TryGet(out var found, out _)) return new TablePage<CustomerRow>([], 0);
        if (_found != (found.Total, found.All))
        {
            _found = (found.Total, found.All);
            _ = InvokeAsync(StateHasChanged);
        }

        return new TablePage<CustomerRow>(found.Rows, (int)found.Total);
    }
}
