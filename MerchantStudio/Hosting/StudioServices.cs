using MerchantStudio.Access;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Campaigns;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Currencies;
using MerchantStudio.Core.Demo;
using MerchantStudio.Core.Experiments;
using MerchantStudio.Core.Exports;
using MerchantStudio.Core.Features;
using MerchantStudio.Core.Ingestion;
using MerchantStudio.Core.Insights.Customers;
using MerchantStudio.Core.Insights.Figures;
using MerchantStudio.Core.Insights.Lookup;
using MerchantStudio.Core.Insights.Segments;
using MerchantStudio.Core.Jobs;
using MerchantStudio.Core.Live;
using MerchantStudio.Core.Pipeline;
using MerchantStudio.Core.Promotions;
using MerchantStudio.Core.Quality;
using MerchantStudio.Core.Reviews;
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
        services.AddOptions<WarehouseOptions>().BindConfiguration("Studio");
        return services
            .AddContactProtection(paths)
            .AddAppState()
            .AddWarehouse()
            .AddAccess()
            .AddJobs()
            .AddIngestion()
            .AddQuality()
            .AddCurrencies()
            .AddFeatures()
            .AddFigures()
            .AddLookup()
            .AddExports()
            .AddConditions()
            .AddSegments()
            .AddReviews()
            .AddCustomers()
            .AddExperiments()
            .AddPromotions()
            .AddMessaging()
            .AddLive()
            .AddDemo()
            .AddPipeline();
    }
}
