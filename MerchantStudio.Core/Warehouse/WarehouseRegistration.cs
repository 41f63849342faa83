using Microsoft.Extensions.DependencyInjection;

namespace MerchantStudio.Core.Warehouse;

public static class WarehouseRegistration
{
    /// <summary>Needs <see cref="Shop.StudioPaths"/> and <see cref="TimeProvider"/>; settings under "Studio".</summary>
    public static IServiceCollection AddWarehouse(this IServiceCollection services)
    {
        services.AddSingleton<WarehouseRegistry>();
        return services;
    }
}
