using Microsoft.Extensions.DependencyInjection;

namespace MerchantStudio.Core.Conditions;

public static class ConditionsRegistration
{
    /// <summary>Needs the warehouse, a factory of <see cref="AppState.StudioDb"/> and <see cref="TimeProvider"/>.</summary>
    public static IServiceCollection AddConditions(this IServiceCollection services)
    {
        services.AddSingleton<AudienceReader>();
        return services;
    }
}
