using MerchantStudio.Core.Experiments.Attribution;
using MerchantStudio.Core.Experiments.Reading;
using Microsoft.Extensions.DependencyInjection;

namespace MerchantStudio.Core.Experiments;

public static class ExperimentsRegistration
{
    /// <summary>Needs the application's database, access, the warehouse, conditions, the store of model files and <see cref="TimeProvider"/>.</summary>
    public static IServiceCollection AddExperiments(this IServiceCollection services) =>
        services.AddSingleton<GlobalHoldouts>().AddSingleton<Enrolment>().AddSingleton<ExperimentStore>().AddSingleton<ExperimentReports>().AddSingleton<PowerPlanner>().AddSingleton<UpliftReports>().AddSingleton<UpliftShelf>()
            .AddSingleton(provider => new UpliftForecasts(provider.GetRequiredService<ExperimentStore>(), provider.GetRequiredService<ExperimentReports>(), provider.GetRequiredService<UpliftShelf>())).AddSingleton<AttributionReader>();
}
