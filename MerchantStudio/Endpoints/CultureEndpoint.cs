using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Localization;

namespace MerchantStudio.Endpoints;

/// <summary>The reader's language: kept in a cookie, changed by one address that leads back.</summary>
internal static class CultureEndpoint
{
    public static readonly string[] Languages = ["en", "zh-CN"];

    public static IServiceCollection AddStudioLanguages(this IServiceCollection services) =>
        services.Configure<RequestLocalizationOptions>(options =>
        {
            options.SetDefaultCulture(Languages[0]).AddSupportedCultures(Languages).AddSupportedUICultures(Languages);
            options.ApplyCurrentCultureToResponseHeaders = true;
        });

    public static IEndpointRouteBuilder MapCulture(this IEndpointRouteBuilder app)
    {
        app.MapGet("/culture", Choose).AllowAnonymous();
        return app;
    }

    /// <param name="to">A path of this site to go back to.</param>
    internal static RedirectHttpResult Choose(string? language, string? to, HttpContext context)
    {
        var chosen = language is not null && Languages.Contains(language) ? language : Languages[0];
        context.Response.Cookies.Append(
            CookieRequestCultureProvider.DefaultCookieName,
            CookieRequestCultureProvider.MakeCookieValue(new RequestCulture(chosen)),
            new CookieOptions { MaxAge = TimeSpan.FromDays(365), SameSite = SameSiteMode.Lax, Path = "/", IsEssential = true });
        var isLocal = to is ['/', ..] && !to.StartsWith("//", StringComparison.Ordinal) && !to.Contains('\\', StringComparison.Ordinal);
        return TypedResults.LocalRedirect(isLocal ? to! : "/");
    }
}
