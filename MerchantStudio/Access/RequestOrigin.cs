using System.Net;
using MerchantStudio.Endpoints;
using Microsoft.Extensions.Options;

namespace MerchantStudio.Access;

/// <summary>Refuses a live connection or a form that another site's page opened; notes whether the visitor sits at this very machine.</summary>
internal sealed class RequestOrigin(RequestDelegate next, IOptions<ForwardedHeadersOptions> forwarding)
{
    private static readonly object AtThisMachineKey = new();

    /// <summary>A loopback connection that no proxy passed on.</summary>
    public static bool IsAtThisMachine(HttpContext request) => request.Items.ContainsKey(AtThisMachineKey);

    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if (context.Connection.RemoteIpAddress is { } remote && IPAddress.IsLoopback(remote) && !request.Headers.Keys.Any(IsForwarding)) context.Items[AtThisMachineKey] = true;

        var changes = !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method);
        if (!IsKeyed(request) && (changes || request.Path.StartsWithSegments("/_blazor")) && ComesFromElsewhere(context))
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return Task.CompletedTask;
        }

        return next(context);
    }

    /// <summary>Takes a key and no cookie, so that another site's page can do nothing there in a person's name; it judges origins itself.</summary>
    private static bool IsKeyed(HttpRequest request) => request.Path.StartsWithSegments(LiveEventEndpoints.Root);

    /// <summary>What anybody else says about forwarding counts for nothing.</summary>
    private bool IsProxy(IPAddress? remote) => remote is not null && forwarding.Value.KnownProxies.Any(proxy => proxy.Equals(remote) || proxy.Equals(remote.MapToIPv4()));

    private static bool IsForwarding(string header) =>
        header.StartsWith("X-Forwarded-", StringComparison.OrdinalIgnoreCase) || header.StartsWith("X-Real-", StringComparison.OrdinalIgnoreCase)
        || header.Equals("Forwarded", StringComparison.OrdinalIgnoreCase) || header.Equals("Via", StringComparison.OrdinalIgnoreCase);

    private bool ComesFromElsewhere(HttpContext context)
    {
        var request = context.Request;
        if (request.Headers["Sec-Fetch-Site"] == "cross-site") return true;
        var origin = request.Headers.Origin.ToString();
        if (origin.Length == 0) return false;
        var host = IsProxy(context.Connection.RemoteIpAddress) && request.Headers.TryGetValue("X-Forwarded-Host", out var forwarded) && forwarded.Count == 1 ? forwarded.ToString() : request.Host.Value;
        return !Uri.TryCreate(origin, UriKind.Absolute, out var from) || !string.Equals(from.Authority, host, StringComparison.OrdinalIgnoreCase);
    }
}
