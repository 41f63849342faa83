using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Shop;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MerchantStudio.Core.Jobs;

public static class JobsRegistration
{
    /// <summary>The host must run <see cref="JobRunner.RunAsync"/> for as long as it lives.</summary>
    public static IServiceCollection AddJobs(this IServiceCollection services)
    {
        services.AddOptions<DiskOptions>().BindConfiguration("Studio")
            .Validate(options => options.LeastFreeBytes >= 0 && options.LeastFreePercent is >= 0 and < 100, "Studio:LeastFreeBytes must be 0 or more and Studio:LeastFreePercent 0 to 99.")
            .ValidateOnStart();
        return services
            .AddSingleton<DiskRoom>()
            .AddSingleton<JobBoard>()
            .AddSingleton<JobStore>()
            .AddSingleton(provider => new JobQueue(provider.GetRequiredService<JobStore>(), provider.GetRequiredService<JobBoard>(), provider.GetRequiredService<DiskRoom>(), provider.GetRequiredService<TimeProvider>()))
            .AddSingleton(provider => new JobRunner(
                provider.GetRequiredService<WorkTurn>(),
                provider.GetRequiredService<JobStore>(),
                provider.GetRequiredService<JobBoard>(),
                provider.GetRequiredService<JobQueue>(),
                provider.GetRequiredService<IServiceScopeFactory>(),
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<JobRunner>>()))
            .AddSingleton<UpkeepQueue>()
        .AddSingleton<IAfterImport>(provider => provider.GetRequiredService<UpkeepQueue>())
        .AddSingleton<DailyRuns>();
    }

    /// <summary>Each run gets the handler from a service scope of its own.</summary>
    public static IServiceCollection AddJobHandler<THandler>(this IServiceCollection services)
        where THandler : class, IJobHandler => services.AddScoped<IJobHandler, THandler>();
}
