using MerchantStudio.Core.Features.Cleaning;
using MerchantStudio.Core.Features.Identities;
using Microsoft.Extensions.DependencyInjection;

namespace MerchantStudio.Core.Features;

public static class FeaturesRegistration
{
    public static IServiceCollection AddFeatures(this IServiceCollection services) =>
        services.AddSingleton<FeatureStudy>().AddSingleton<CleaningSteps>().AddSingleton<IdentityStitcher>();
}
