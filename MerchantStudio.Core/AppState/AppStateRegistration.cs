using MerchantStudio.Core.Shop;
using Microsoft.Extensions.DependencyInjection;

namespace MerchantStudio.Core.AppState;

public static class AppStateRegistration
{
    /// <summary>A factory for <see cref="StudioDb"/> on the data folder's app.db, and what opens it. Needs <see cref="StudioPaths"/> and <see cref="TimeProvider"/>.</summary>
    public static IServiceCollection AddAppState(this IServiceCollection services)
    {
        services.AddDbContextFactory<StudioDb>((provider, options) => options.UseStudioSqlite(provider.GetRequiredService<StudioPaths>().AppDatabase));
        services.AddSingleton<StudioDatabase>();
        return services;
    }
}
