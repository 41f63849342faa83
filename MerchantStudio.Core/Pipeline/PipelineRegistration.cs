using MerchantStudio.Core.Jobs;
using MerchantStudio.Core.Learning.Registry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MerchantStudio.Core.Pipeline;

public static class PipelineRegistration
{
    /// <summary>Needs the warehouse, quality, reviews and jobs registered too.</summary>
    public static IServiceCollection AddPipeline(this IServiceCollection services)
    {
        services.TryAddSingleton<ModelStore>();
        return services
            .AddSingleton<RunRecords>()
            .AddSingleton<PipelineRuns>()
            .AddSingleton<PipelineReports>()
            .AddSingleton<ModelRegistry>()
            .AddSingleton<ModelExports>()
            .AddSingleton<PreparationSettings>()
            .AddSingleton<DriftCheck>()
            .AddSingleton<PublishedSettings>()
            .AddSingleton<Training.Trainings>()
            .AddJobHandler<Training.TrainingHandler>()
            .AddSingleton<Insights.Intent.IntentShoppers>()
            .AddJobHandler<Upkeep.UpkeepHandler>()
            .AddJobHandler<PipelineHandler>();
    }
}
