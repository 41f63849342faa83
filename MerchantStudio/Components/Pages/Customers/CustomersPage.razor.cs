using MerchantStudio.Components.Kit;
using MerchantStudio.Components.Shell;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.Insights.Customers;
using MerchantStudio.Core.Outcomes;
using Microsoft.AspNetCore.Components;

namespace MerchantStudio.Components.Pages.Customers;

public sealed partial class CustomersPage : StudioPage
{
    private PageState _state = PageState.Loading;
    private Problem? _problem;
    private CustomerSummary? _summary;
    private bool? _buyers;

    [Inject] public required CustomerReader Reader { get; init; }

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
        var page = await Reader.ListAsync(allowed, new CustomerQuestion(request.Filter, Buyers: _buyers, Order: order, Descending: request.SortKey is null || request.Descending), request.Skip, request.Take, cancellationToken);
        return page.TryGet(out var found, out _) ? new TablePage<CustomerRow>(found.Rows, (int)found.Total) : new TablePage<CustomerRow>([], 0);
    }
}
