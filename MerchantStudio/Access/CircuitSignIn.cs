using System.Security.Claims;
using MerchantStudio.Core.AppState;
using MerchantStudio.Hosting;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.Identity;

namespace MerchantStudio.Access;

/// <summary>Looks every minute whether the person of an open page is still signed in: a changed password, a removed account or a closed demo ends it.</summary>
internal sealed class CircuitSignIn(ILoggerFactory logs, IServiceScopeFactory scopes) : RevalidatingServerAuthenticationStateProvider(logs)
{
    protected override TimeSpan RevalidationInterval => TimeSpan.FromSeconds(60);

    protected override async Task<bool> ValidateAuthenticationStateAsync(AuthenticationState authenticationState, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var person = authenticationState.User;
        if (!await StudioCookies.StillHoldsAsync(person, scope.ServiceProvider, cancellationToken)) return false;
        if (person.HasClaim(StudioClaims.Demo, "true")) return true;
        var users = scope.ServiceProvider.GetRequiredService<UserManager<StudioUser>>();
        return await users.GetUserAsync(person) is { } user
            && person.FindFirstValue(users.Options.ClaimsIdentity.SecurityStampClaimType) == await users.GetSecurityStampAsync(user);
    }
}
