using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Live;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Promotions.Redemptions;

namespace MerchantStudio.Endpoints;

/// <summary>Lets in who has a key that may redeem, as long as she has not guessed too many codes.</summary>
internal sealed class CouponGate(ApiKeys keys, WrongKeys wrongKeys, WrongCodes wrongCodes)
{
    public sealed record Pass<TBody>(KeyHolder Holder, WorkspaceScope Scope, TBody Body);

    public static WorkspaceScope ScopeOf(KeyHolder holder) => new(holder.Workspace, Actor.OfKey(holder));

    public async Task<Outcome<KeyHolder>> AdmitAsync(HttpContext context, CancellationToken cancellationToken)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (!context.Request.Query.ContainsKey("key") && await keys.FindAsync(context.Request.Headers["X-API-Key"], cancellationToken) is { Kind: ApiKeyKind.RedeemCoupons } holder) return holder;
        return wrongKeys.Note(context.Connection.RemoteIpAddress) is { } seconds ? new LiveTooManyWrongKeys(seconds) : new CouponKeyRefused();
    }

    public Task<Outcome<Pass<CouponBody>>> OpenAsync(HttpContext context, CancellationToken cancellationToken) => OpenAsync<CouponBody>(context, body => body.CustomerIp, cancellationToken);

    /// <param name="sender">Where the shopper sits, as far as the body says.</param>
    public async Task<Outcome<Pass<TBody>>> OpenAsync<TBody>(HttpContext context, Func<TBody, string?> sender, CancellationToken cancellationToken) where TBody : class
    {
        if (!(await AdmitAsync(context, cancellationToken)).TryGet(out var holder, out var refused)) return refused;
        if (!(await StrictBody.ReadAsync<TBody>(context, cancellationToken)).TryGet(out var body, out var unreadable)) return unreadable;
        return wrongCodes.Held(holder, context.Connection.RemoteIpAddress, sender(body)) is { } seconds ? new TooManyWrongCodes(seconds) : new Pass<TBody>(holder, ScopeOf(holder), body);
    }

    public void NoteWrong(HttpContext context, Pass<CouponBody> pass) => NoteWrong(context, pass.Holder, pass.Body.CustomerIp);

    public void NoteWrong(HttpContext context, KeyHolder holder, string? sender) => wrongCodes.Note(holder, context.Connection.RemoteIpAddress, sender);
}
