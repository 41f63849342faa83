using MerchantStudio.Core.Jobs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MerchantStudio.Core.Demo;

public static class DemoRegistration
{
    /// <summary>Needs the application's database, jobs, ingestion and the warehouse. A <see cref="DemoSource"/> registered earlier stands.</summary>
    public static IServiceCollection AddDemo(this IServiceCollection services)
    {
        services.TryAddSingleton(DemoSource.Shipped);
        services.AddSingleton<DemoWorkspace>().AddSingleton<DemoCampaign>();
        services.AddSingleton<DemoScoreboard>();
        return services.AddJobHandler<DemoHandler>();
    }
}
