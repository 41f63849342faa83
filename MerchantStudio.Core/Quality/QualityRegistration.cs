using MerchantStudio.Core.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace MerchantStudio.Core.Quality;

public static class QualityRegistration
{
    public static IServiceCollection AddQuality(this IServiceCollection services)
    {
        services.AddSingleton<QualityGate>();
        services.AddSingleton<IAfterImport>(provider => provider.GetRequiredService<QualityGate>());
        return services;
    }
}
