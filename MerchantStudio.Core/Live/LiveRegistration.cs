using Microsoft.Extensions.DependencyInjection;

namespace MerchantStudio.Core.Live;

public static class LiveRegistration
{
    /// <summary>Needs the warehouse, the application's database, access and a contact protector.</summary>
    public static IServiceCollection AddLive(this IServiceCollection services)
    {
        services.AddOptions<LiveOptions>().BindConfiguration("Studio:Live")
            .Validate(options => options is { BodyBytes: > 0, EventsPerRequest: > 0, EventsPerSecond: > 0, WaitingEvents: > 0, BacklogBytes: > 0, MoveMilliseconds: > 0, RememberedIds: > 0 }, "Every value of Studio:Live must be above 0.")
            .ValidateOnStart();
        return services.AddSingleton<LiveShops>().AddSingleton<LiveIntake>().AddSingleton<LiveQuota>().AddSingleton<LiveFigures>().AddSingleton<StorefrontCatalogue>();
    }
}
