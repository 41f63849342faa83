using MerchantStudio.Core.AppState;
using MerchantStudio.Hosting;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;

namespace MerchantStudio.Access;

/// <summary>Accounts, cookies and who may see what.</summary>
internal static class SignInRegistration
{
    public static WebApplicationBuilder AddStudioSignIn(this WebApplicationBuilder builder, StudioStart start)
    {
        var services = builder.Services;
        services.AddHttpContextAccessor();
        services.AddScoped<CurrentScope>();
        services.AddDataProtection().SetApplicationName("MerchantStudio").PersistKeysToFileSystem(new DirectoryInfo(start.Paths.Keys));
        services.AddCascadingAuthenticationState();
        services.AddAuthentication(IdentityConstants.ApplicationScheme).AddIdentityCookies();
        services.AddIdentityCore<StudioUser>().AddEntityFrameworkStores<StudioDb>().AddSignInManager();
        services.AddAuthorization();
        return builder;
    }

    public static WebApplication UseStudioSignIn(this WebApplication app)
    {
        app.UseAuthentication();
        app.UseAuthorization();
        return app;
    }
}
