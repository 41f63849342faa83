using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Ingestion.Formats;
using MerchantStudio.Core.Ingestion.Formats.Native;
using MerchantStudio.Core.Ingestion.Quotas;
using MerchantStudio.Core.Ingestion.Running;
using MerchantStudio.Core.Ingestion.Staging;
using MerchantStudio.Core.Jobs;
using MerchantStudio.Core.Shop;
using MerchantStudio.Core.Warehouse;
using MerchantStudio.Core.Workers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace MerchantStudio.Core.Ingestion;

public static class IngestionRegistration
{
    /// <summary>Needs the warehouse, the application's database, access and an <see cref="IContactProtector"/>.</summary>
    public static IServiceCollection AddIngestion(this IServiceCollection services)
    {
        services.AddOptions<IngestionOptions>().BindConfiguration("Studio")
            .Validate(options => options.UploadLimitBytes > 0, "Studio:UploadLimitBytes must be above 0.")
            .Validate(options => options.UnpackLimitBytes > 0 && options.UnpackRatio > 1, "Studio:UnpackLimitBytes must be above 0 and Studio:UnpackRatio above 1.")
            .Validate(options => options.MostUploads > 0 && options.MostUploadsInAll > 0 && options.MostWaitingFiles > 0 && options.MostWorkspaceBytes > 0 && options.MostWorkspaceRows is null or > 0, "Studio:MostUploads, Studio:MostUploadsInAll, Studio:MostWaitingFiles, Studio:MostWorkspaceBytes and Studio:MostWorkspaceRows must be above 0.")
            .Validate(options => options.UploadPatience > TimeSpan.Zero, "Studio:UploadPatience must be above 0.")
            .ValidateOnStart();
        return services
            .AddJobHandler<ImportHandler>()
            .AddSingleton<Contacts>()
            .AddSingleton<DatasetCatalogue>()
            .AddWorkers()
            .AddSingleton<StagingFolder>()
            .AddSingleton<NativeTables>()
            .AddSingleton<FileConverter>()
            .AddSingleton<ReadableFiles>()
            .AddSingleton<ImportStore>()
            .AddSingleton<UploadTurns>()
            .AddSingleton(provider => new WorkspaceQuotas(
                provider.GetRequiredService<IDbContextFactory<StudioDb>>(),
                provider.GetRequiredService<WarehouseRegistry>(),
                provider.GetRequiredService<StudioPaths>(),
                provider.GetRequiredService<DiskRoom>(),
                provider.GetRequiredService<ImportStore>(),
                provider.GetRequiredService<StagingFolder>(),
                provider.GetRequiredService<UploadTurns>(),
                provider.GetRequiredService<AuditTrail>(),
                provider.GetRequiredService<IOptions<IngestionOptions>>()))
            .AddSingleton<ImportRun>()
            .AddSingleton<ImportWork>()
            .AddSingleton(provider => new FileImporter(
                provider.GetRequiredService<StagingFolder>(),
                provider.GetRequiredService<ReadableFiles>(),
                provider.GetRequiredService<ImportStore>(),
                provider.GetRequiredService<ImportWork>(),
                provider.GetRequiredService<ImportRun>(),
                provider.GetRequiredService<WarehouseRegistry>(),
                provider.GetRequiredService<WorkspaceQuotas>(),
                provider.GetRequiredService<UpkeepQueue>(),
                provider.GetRequiredService<AuditTrail>(),
                provider.GetRequiredService<IOptions<IngestionOptions>>(),
                provider.GetRequiredService<TimeProvider>()));
    }
}
