namespace MerchantStudio.Components.Pages.Predictions;

internal static class PredictionPages
{
    public static IServiceCollection AddPredictionPages(this IServiceCollection services) => services
        .AddTransient<IntentViewModel>()
        .AddTransient<ModelsViewModel>()
        .AddTransient<BringModelViewModel>()
        .AddTransient<TrainingViewModel>()
        .AddTransient<DebateViewModel>()
        .AddTransient<NextItemViewModel>()
        .AddTransient<SessionEndViewModel>()
        .AddTransient<RunsViewModel>()
        .AddTransient<RunViewModel>();
}
