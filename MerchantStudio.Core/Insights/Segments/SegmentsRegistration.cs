using Microsoft.Extensions.DependencyInjection;

namespace MerchantStudio.Core.Insights.Segments;

public static class SegmentsRegistration
{
    /// <summary>Needs conditions, a factory of <see cref="AppState.StudioDb"/> and <see cref="TimeProvider"/>.</summary>
    public static IServiceCollection AddSegments(this IServiceCollection services)
    {
        services.AddSingleton<Segmentation>();
        return services;
    }
}
