using Microsoft.Extensions.DependencyInjection;

namespace MerchantStudio.Core.Warehouse;

public static class WarehouseRegistration
{
    /// <summary>Needs <see cref="Shop.StudioPaths"/> and <see cref="TimeProvider"/>; the host binds <see cref="WarehouseOptions"/> from "Studio".</summary>
    public static IServiceCollection AddWarehouse(this IServiceCollection services)
    {
        services.AddOptions<WarehouseOptions>();
        services.AddSingleton<WarehouseRegistry>();
        return services;
    }
}
