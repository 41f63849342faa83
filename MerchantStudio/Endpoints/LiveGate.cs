using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Live;
using MerchantStudio.Core.Outcomes;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace MerchantStudio.Endpoints;

/// <summary>
/// Who is let in with events: a shop's key, from the shop's server or one of its own pages, and no more often than its share allows. The key stands in
/// the header <c>X-API-Key</c>, or is the body's first field because a beacon carries no headers; an address or a cookie with a key ends up in logs and other sites' hands.
/// </summary>
internal sealed class LiveGate(ApiKeys keys, LiveShops shops, LiveQuota quota, WrongKeys wrong, IOptions<LiveOptions> options)
{
    public sealed record Pass(KeyHolder Holder, LiveShop Shop, ReadOnlyMemory<byte> Body);

    public async Task<Outcome<Pass>> OpenAsync(HttpContext context, CancellationToken cancellationToken)
    {
        if (context.Request.Query.ContainsKey("key")) return Wrong(context);
        if (context.Request.Headers.TryGetValue("X-API-Key", out var header))
        {
            // A sender that is over its share costs no more than this.
            if (!(await AdmitAsync(context, header.ToString(), cancellationToken)).TryGet(out var admitted, out var refused)) return refused;
            return (await BodyAsync(context, cancellationToken)).TryGet(out var sent, out var tooLarge) ? admitted with { Body = sent } : tooLarge;
        }

        if (!(await BodyAsync(context, cancellationToken)).TryGet(out var body, out var tooMuch)) return tooMuch;
        return (await AdmitAsync(context, BodyKey.Of(body.Span), cancellationToken)).TryGet(out var pass, out var problem) ? pass with { Body = body } : problem;
    }

    private async Task<Outcome<Pass>> AdmitAsync(HttpContext context, string? secret, CancellationToken cancellationToken)
    {
        if (await keys.FindAsync(secret, cancellationToken) is not { Kind: ApiKeyKind.WriteEvents } holder) return Wrong(context);
        if (await shops.FindAsync(holder.Workspace, cancellationToken) is not { } shop) return new LiveKeyRefused();

        // Servers name no origin. A page does, and has to be one of the shop's, or the studio's own preview.
        var origin = context.Request.Headers.Origin.ToString();
        if (origin.Length > 0 && !IsOwn(context.Request, origin))
        {
            if (!shop.Origins.Contains(origin, StringComparer.OrdinalIgnoreCase)) return new LiveOriginRefused(origin);
            Allow(context, origin);
        }

        return quota.Refusal(holder) is { } over ? over : new Pass(holder, shop, default);
    }

    /// <summary>Whoever goes on guessing is told to wait; a key that is right is looked up all the same.</summary>
    private Problem Wrong(HttpContext context) => wrong.Note(context.Connection.RemoteIpAddress) is { } seconds ? new LiveTooManyWrongKeys(seconds) : new LiveKeyRefused();

    /// <summary>The whole body, read no further than the limit.</summary>
    private async Task<Outcome<ReadOnlyMemory<byte>>> BodyAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var most = options.Value.BodyBytes;
        if (context.Request.ContentLength > most) return new LiveTooLarge(most);
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = most + 1L;
        using var memory = new MemoryStream((int)(context.Request.ContentLength ?? 4_096));
        try
        {
            await context.Request.Body.CopyToAsync(memory, cancellationToken);
        }
        catch (BadHttpRequestException fault) when (fault.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return new LiveTooLarge(most);
        }

        return memory.Length > most ? new LiveTooLarge(most) : new ReadOnlyMemory<byte>(memory.ToArray());
    }

    public static void Allow(HttpContext context, string origin)
    {
        context.Response.Headers.AccessControlAllowOrigin = origin;
        context.Response.Headers.Vary = "Origin";
    }

    private static bool IsOwn(HttpRequest request, string origin) => Uri.TryCreate(origin, UriKind.Absolute, out var page) && string.Equals(page.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase);
}
