using MerchantStudio.Core.Access;
using Microsoft.Extensions.DependencyInjection;

namespace MerchantStudio.Core.Ingestion;

public static class IngestionRegistration
{
    /// <summary>Needs the warehouse, the application's database and an <see cref="IContactProtector"/>.</summary>
    public static IServiceCollection AddIngestion(this IServiceCollection services)
    {
        services.AddSingleton<FileImporter>();
        services.AddSingleton<Contacts>();
        return services;
    }
}
