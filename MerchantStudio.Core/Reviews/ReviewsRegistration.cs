using Microsoft.Extensions.DependencyInjection;

namespace MerchantStudio.Core.Reviews;

public static class ReviewsRegistration
{
    public static IServiceCollection AddReviews(this IServiceCollection services)
    {
        services.AddSingleton<SentimentPipeline>();
        services.AddSingleton<ReviewReader>();
        return services;
    }
}
