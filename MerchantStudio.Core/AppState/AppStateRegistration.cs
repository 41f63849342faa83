using MerchantStudio.Core.Shop;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace MerchantStudio.Core.AppState;

public static class AppStateRegistration
{
    /// <summary>A factory for <see cref="StudioDb"/> on the data folder's app.db, or on the PostgreSQL database that <c>Studio:Database</c> names, and what opens it.
    /// Needs <see cref="StudioPaths"/> and <see cref="TimeProvider"/>.</summary>
    public static IServiceCollection AddAppState(this IServiceCollection services)
    {
        services.AddSingleton(provider => new DatabaseSetting(provider.GetService<IConfiguration>()?["Studio:Database"]));
        services.AddSingleton<IDbContextFactory<StudioDb>>(provider => new StudioContexts(provider.GetRequiredService<StudioPaths>(), provider.GetRequiredService<DatabaseSetting>(), provider));
        services.AddScoped(provider => provider.GetRequiredService<IDbContextFactory<StudioDb>>().CreateDbContext());
        services.AddSingleton(provider => new StudioDatabase(provider.GetRequiredService<StudioPaths>(), provider.GetRequiredService<IDbContextFactory<StudioDb>>(), provider.GetRequiredService<DatabaseSetting>()));
        services.AddSingleton(provider => new WorkTurn(provider.GetRequiredService<DatabaseSetting>()));
        return services;
    }
}
