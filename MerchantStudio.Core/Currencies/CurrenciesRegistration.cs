using Microsoft.Extensions.DependencyInjection;

namespace MerchantStudio.Core.Currencies;

public static class CurrenciesRegistration
{
    public static IServiceCollection AddCurrencies(this IServiceCollection services) => services.AddSingleton<ExchangeRates>();
}
