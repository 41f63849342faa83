using System.Security.Claims;
using MerchantStudio.Core.AppState;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace MerchantStudio.Access;

/// <summary>A person is called by her name, in the studio and in the audit trail, not by her e-mail address.</summary>
internal sealed class NamedClaims(UserManager<StudioUser> users, IOptions<IdentityOptions> options) : UserClaimsPrincipalFactory<StudioUser>(users, options)
{
    protected override async Task<ClaimsIdentity> GenerateClaimsAsync(StudioUser user)
    {
        var claims = await base.GenerateClaimsAsync(user);
        foreach (var name in claims.FindAll(claims.NameClaimType).Concat(claims.FindAll(ClaimTypes.Email)).ToList()) claims.RemoveClaim(name);
        claims.AddClaim(new Claim(claims.NameClaimType, user.DisplayName));
        return claims;
    }
}
