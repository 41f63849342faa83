using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Jobs;
using MerchantStudio.Core.Learning.Onnx.Brought;
using MerchantStudio.Core.Learning.Registry;
using MerchantStudio.Core.Pipeline.Brought;
using MerchantStudio.Core.Pipeline.Serving;
using MerchantStudio.Core.Pipeline.Shadow;
using MerchantStudio.Core.Warehouse;
using Microsoft.EntityFrameworkCore;
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
            .AddSingleton<BroughtRunner>()
            .AddSingleton(services => new ModelScoring(services.GetRequiredService<ModelStore>(), services.GetRequiredService<BroughtRunner>()))
            .AddSingleton<ShadowScoring>()
            .AddSingleton<ModelFaults>()
            .AddSingleton<SnapshotReader>()
            .AddSingleton(services => new LiveScores(services.GetRequiredService<SnapshotReader>(), services.GetRequiredService<ModelRegistry>(), services.GetRequiredService<ModelFaults>(), services.GetRequiredService<TimeProvider>()))
            .AddSingleton(services => Make(services, (contexts, warehouses, scoring) => new ModelRegistry(contexts, services.GetRequiredService<ModelStore>(), warehouses, services.GetRequiredService<JobQueue>(), services.GetRequiredService<TimeProvider>(), scoring)))
            .AddSingleton(services => Make(services, (contexts, warehouses, scoring) => new ModelExports(contexts, warehouses, services.GetRequiredService<AuditTrail>(), scoring)))
            .AddSingleton(services => Make(services, (contexts, warehouses, scoring) => new BroughtModels(
                contexts, services.GetRequiredService<ModelStore>(), warehouses, services.GetRequiredService<JobQueue>(), services.GetRequiredService<AuditTrail>(), services.GetRequiredService<TimeProvider>(), services.GetRequiredService<BroughtRunner>(), scoring, services.GetRequiredService<ShadowScoring>())))
            .AddSingleton<ModelComparisons>()
            .AddSingleton<Training.ModelRepeats>()
            .AddSingleton(services => Make(services, (contexts, warehouses, scoring) => new WhatIf.ShopperWhatIf(contexts, warehouses, scoring, services.GetRequiredService<LiveScores>())))
            .AddSingleton<PreparationSettings>()
            .AddSingleton<DriftCheck>()
            .AddSingleton<PublishedSettings>()
            .AddSingleton<Training.Trainings>()
            .AddSingleton<NextItem.NextItemTrainings>()
            .AddJobHandler<NextItem.NextItemHandler>()
            .AddSingleton(services => Make(services, (contexts, warehouses, scoring) => new NextItem.NextItems(contexts, warehouses, scoring)))
            .AddSingleton<SessionEnd.SessionEndTrainings>()
            .AddJobHandler<SessionEnd.SessionEndHandler>()
            .AddSingleton(services => Make(services, (contexts, warehouses, scoring) => new Debate.ModelDebates(contexts, warehouses, services.GetRequiredService<PipelineReports>(), services.GetRequiredService<Training.Trainings>(), scoring)))
            .AddSingleton<Debate.ShopperLabels>()
            .AddJobHandler<Training.TrainingHandler>()
            .AddSingleton<Insights.Intent.IntentShoppers>()
            .AddJobHandler<Upkeep.UpkeepHandler>()
            .AddJobHandler<PipelineHandler>();
    }

    /// <summary>What several of them need; some of it is internal, so their constructors are too.</summary>
    private static T Make<T>(IServiceProvider services, Func<IDbContextFactory<StudioDb>, WarehouseRegistry, ModelScoring, T> make) =>
        make(services.GetRequiredService<IDbContextFactory<StudioDb>>(), services.GetRequiredService<WarehouseRegistry>(), services.GetRequiredService<ModelScoring>());
}
