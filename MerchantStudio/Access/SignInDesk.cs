using System.Security.Claims;
using System.Security.Cryptography;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Hosting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;

namespace MerchantStudio.Access;

/// <summary>Gives and takes the sign-in cookie; it ends with the browser.</summary>
internal sealed class SignInDesk(SignInManager<StudioUser> signIn, WorkspaceDirectory workspaces, DemoAccess demo, Sessions sessions, StudioStart start)
{
    public Task SignInAsync(StudioUser user) => signIn.SignInWithClaimsAsync(user, isPersistent: false, [NewSession()]);

    /// <summary>Whether the demo's button may be shown to this visitor.</summary>
    public async Task<bool> OffersDemoAsync(HttpContext request) =>
        start.IsLocalOnly && RequestOrigin.IsAtThisMachine(request) && await demo.IsOpenAsync(request.RequestAborted);

    /// <returns>False where the demo is not offered.</returns>
    public async Task<bool> SignInToDemoAsync(HttpContext request)
    {
        if (!await OffersDemoAsync(request)) return false;
        var visitor = new ClaimsIdentity([new Claim(StudioClaims.Demo, "true"), new Claim(ClaimTypes.Name, StudioClaims.DemoVisitor.Name), NewSession()], IdentityConstants.ApplicationScheme);
        await request.SignInAsync(IdentityConstants.ApplicationScheme, new ClaimsPrincipal(visitor), new AuthenticationProperties { IsPersistent = false });
        return true;
    }

    public async Task SignOutAsync(HttpContext request)
    {
        if (request.User.FindFirstValue(StudioClaims.Session) is { } session) await sessions.EndAsync(session, request.RequestAborted);
        await request.SignOutAsync(IdentityConstants.ApplicationScheme);
        request.Response.Headers["Clear-Site-Data"] = "\"cache\"";
    }

    /// <summary>Where somebody lands: the address she wanted if it is ours, else her first shop.</summary>
    public async Task<string> LandingAsync(Actor actor, string? wanted, CancellationToken cancellationToken)
    {
        if (IsLocal(wanted)) return wanted!;
        var shops = await workspaces.ListAsync(actor, cancellationToken);
        var first = shops.FirstOrDefault(shop => !shop.IsDemo) ?? shops.FirstOrDefault();
        return first is null ? "/no-shop" : $"/w/{first.Id}";
    }

    /// <summary>A path on this host; nothing that a browser could read as another one.</summary>
    internal static bool IsLocal(string? address) =>
        address is ['/', ..] && (address.Length == 1 || address[1] is not '/' and not '\\') && !address.Any(char.IsControl);

    private static Claim NewSession() => new(StudioClaims.Session, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)));
}
