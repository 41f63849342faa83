using Microsoft.Extensions.DependencyInjection;

namespace MerchantStudio.Core.Workers;

public static class WorkersRegistration
{
    public static IServiceCollection AddWorkers(this IServiceCollection services)
    {
        services.AddOptions<WorkerOptions>().BindConfiguration("Studio:Worker")
            .Validate(options => options.Limits.MemoryBytes >= 64L << 20, "Studio:Worker:Limits:MemoryBytes must be 64 MB or more.")
            .ValidateOnStart();
        return services.AddSingleton<WorkerRunner>();
    }
}
