namespace MerchantStudio.Components.Pages.Home;

internal static class HomePages
{
    /// <summary>What the home page holds while it is open.</summary>
    public static IServiceCollection AddHomePage(this IServiceCollection services) => services.AddTransient<HomeViewModel>().AddSingleton<NextActions>();
}
