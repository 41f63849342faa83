using Microsoft.Extensions.DependencyInjection;

namespace MerchantStudio.Core.Insights.Customers;

public static class CustomersRegistration
{
    public static IServiceCollection AddCustomers(this IServiceCollection services) => services.AddSingleton<CustomerReader>();
}
