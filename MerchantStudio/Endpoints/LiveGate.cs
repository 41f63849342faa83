using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Live;
using MerchantStudio.Core.Outcomes;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace MerchantStudio.Endpoints;

/// <summary>Who is let in with events: a shop's key, from the shop's server or one of its own pages.</summary>
internal sealed class LiveGate(ApiKeys keys, LiveShops shops, IOptions<LiveOptions> options)
{
    public sealed record Pass(KeyHolder Holder, LiveShop Shop);

    public async Task<Outcome<Pass>> OpenAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var request = context.Request;
        var secret = request.Headers.TryGetValue("X-API-Key", out var header) ? header.ToString() : request.Query["key"].ToString();
        if (await keys.FindAsync(secret, cancellationToken) is not { Kind: ApiKeyKind.WriteEvents } holder) return new LiveKeyRefused();
        if (await shops.FindAsync(holder.Workspace, cancellationToken) is not { } shop) return new LiveKeyRefused();

        // Servers name no origin. A page does, and has to be one of the shop's, or the studio's own preview.
        var origin = request.Headers.Origin.ToString();
        if (origin.Length == 0 || IsOwn(request, origin)) return new Pass(holder, shop);
        if (!shop.Origins.Contains(origin, StringComparer.OrdinalIgnoreCase)) return new LiveOriginRefused(origin);
        Allow(context, origin);
        return new Pass(holder, shop);
    }

    /// <summary>The whole body, read no further than the limit.</summary>
    public async Task<Outcome<ReadOnlyMemory<byte>>> BodyAsync(HttpContext context, CancellationToken cancellationToken)
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
