using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Campaigns.Delivery;
using Microsoft.Extensions.Options;

namespace MerchantStudio.Core.Campaigns.Webhooks;

/// <summary>Posts signed messages. Follows no redirect, uses no proxy, keeps nothing of what comes back.</summary>
public sealed class WebhookCaller : IDisposable
{
    private readonly HttpClient _http;
    private readonly TimeProvider _clock;
    private readonly TimeSpan _patience;

    public WebhookCaller(GuardedConnector connector, IOptions<MessagingOptions> options, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(connector);
        ArgumentNullException.ThrowIfNull(options);
        _clock = clock;
        _patience = TimeSpan.FromSeconds(options.Value.WebhookSeconds);
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            ConnectTimeout = _patience,
            MaxResponseHeadersLength = 16,
            MaxResponseDrainSize = 16 * 1024,
            ResponseDrainTimeout = TimeSpan.FromSeconds(1),
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
            ConnectCallback = async (context, cancellationToken) => new NetworkStream(
                await connector.ConnectAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, cancellationToken).ConfigureAwait(false), ownsSocket: true),
        };
        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("MerchantStudio", "1"));
    }

    internal async Task<SendResult> PostAsync(Uri address, string secret, Guid delivery, byte[] body, CancellationToken cancellationToken)
    {
        var timestamp = _clock.GetUtcNow().ToUnixTimeSeconds();
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        request.Headers.Add(WebhookSignature.DeliveryHeader, delivery.ToString());
        request.Headers.Add(WebhookSignature.TimestampHeader, timestamp.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add(WebhookSignature.SignatureHeader, WebhookSignature.Sign(secret, timestamp, body));
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(_patience);
        try
        {
            using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token).ConfigureAwait(false);
            return Judge(answer.StatusCode);
        }
        catch (HttpRequestException fault)
        {
            return Judge(fault);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new SendResult(null, SendFault.TooSlow);
        }
    }

    public void Dispose() => _http.Dispose();

    private static SendResult Judge(HttpStatusCode status) => (int)status switch
    {
        >= 200 and < 300 => SendResult.Sent((int)status),
        >= 300 and < 400 => new SendResult((int)status, SendFault.Redirect),
        // The one answer that says: never again.
        410 => new SendResult(410, SendFault.Gone, DeliveryReason.Rejected),
        _ => new SendResult((int)status, SendFault.Answered),
    };

    private static SendResult Judge(HttpRequestException fault)
    {
        for (Exception? cause = fault; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case TargetForbiddenException: return new SendResult(null, SendFault.Forbidden, DeliveryReason.TargetForbidden);
                case AuthenticationException: return new SendResult(null, SendFault.Certificate);
                case SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain }: return new SendResult(null, SendFault.NameUnknown);
            }
        }

        return new SendResult(null, SendFault.NoAnswer);
    }
}
