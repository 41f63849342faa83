namespace MerchantStudio.Components.Pages.Experiments;

internal static class ExperimentPages
{
    /// <summary>What the pages of experiments hold while they are open.</summary>
    public static IServiceCollection AddExperimentPages(this IServiceCollection services) => services
        .AddTransient<ExperimentsViewModel>()
        .AddTransient<ExperimentViewModel>()
        .AddTransient<AttributionViewModel>();
}
