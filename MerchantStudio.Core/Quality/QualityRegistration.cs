using Microsoft.Extensions.DependencyInjection;

namespace MerchantStudio.Core.Quality;

public static class QualityRegistration
{
    public static IServiceCollection AddQuality(this IServiceCollection services)
    {
        services.AddSingleton<QualityGate>();
        return services;
    }
}
