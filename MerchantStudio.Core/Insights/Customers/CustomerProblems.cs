using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Insights.Customers;

public sealed record CustomersNotReady()
    : Problem("customers.not-ready", "Customers are not prepared yet. Import events and refresh the insights once.");

public sealed record CustomerUnknown(string ShopperId)
    : Problem("customers.unknown", "There is no customer '{0}' in the published data. Go back to the list.", ShopperId);
