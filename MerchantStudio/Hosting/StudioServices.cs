using MerchantStudio.Access;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Ingestion;
using MerchantStudio.Core.Jobs;
using MerchantStudio.Core.Quality;
using MerchantStudio.Core.Shop;
using MerchantStudio.Core.Warehouse;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MerchantStudio.Hosting;

/// <summary>Every slice of the core, for the server, the command line and the tests alike.</summary>
internal static class StudioServices
{
    public static IServiceCollection AddStudioCore(this IServiceCollection services, StudioPaths paths)
    {
        services.AddSingleton(paths);
        services.TryAddSingleton(TimeProvider.System);
        return services
            .AddAppState()
            .AddAccess()
            .AddContactProtection(paths)
            .AddJobs()
            .AddWarehouse()
            .AddIngestion()
            .AddQuality();
    }
}
