using MerchantStudio.Components;
using MerchantStudio.Components.Kit;
using MerchantStudio.Components.Pages.Experiments;
using MerchantStudio.Components.Pages.Home;
using MerchantStudio.Components.Pages.Predictions;
using MerchantStudio.Components.Pages.Promotions;
using MerchantStudio.Endpoints;
using MerchantStudio.Localization;

namespace MerchantStudio.Hosting;

/// <summary>The pages: their components, words, language and files.</summary>
internal static class StudioInterface
{
    public static IServiceCollection AddStudioInterface(this IServiceCollection services)
    {
        services.AddRazorComponents().AddInteractiveServerComponents();
        services.AddStudioLanguages();
        services.AddSingleton<Texts>();
        services.AddSingleton<WrongKeys>();
        services.AddSingleton<WrongCodes>();
        services.AddSingleton<CouponGate>();
        services.AddSingleton<LiveGate>();
        services.AddScoped<Toasts>();
        services.AddScoped<Downloads>();
        services.AddPromotionPages();
        services.AddExperimentPages();
        services.AddHomePage();
        services.AddPredictionPages();
        return services;
    }

    public static WebApplication MapStudioInterface(this WebApplication app)
    {
        app.MapStaticAssets().AllowAnonymous();
        app.MapCulture();
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode();
        return app;
    }
}
