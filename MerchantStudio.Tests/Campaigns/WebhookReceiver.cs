using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Xunit;

namespace MerchantStudio.Tests.Campaigns;

/// <summary>A merchant's program on this machine that takes messages.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    public sealed record Call(string Delivery, string Timestamp, string Signature, string Body);

    private readonly WebApplication _app;

    private WebhookReceiver(WebApplication app) => _app = app;

    public ConcurrentQueue<Call> Calls { get; } = new();

    /// <summary>The status for a call, given how many came before it.</summary>
    public Func<Call, int, Task<int>> Answer { get; set; } = (_, _) => Task.FromResult(204);

    public string Url => _app.Urls.Single() + "/hook";

    /// <summary>As the installation's settings name it.</summary>
    public string Local => new Uri(_app.Urls.Single()).Authority;

    public static async Task<WebhookReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var receiver = new WebhookReceiver(builder.Build());
        receiver._app.MapPost("/hook", receiver.TakeAsync);
        await receiver._app.StartAsync(TestContext.Current.CancellationToken);
        return receiver;
    }

    public async ValueTask DisposeAsync()
    {
        using var atOnce = new CancellationTokenSource(TimeSpan.Zero);
        await _app.StopAsync(atOnce.Token);
        await _app.DisposeAsync();
    }

    private async Task TakeAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        var headers = context.Request.Headers;
        var call = new Call(headers["X-MerchantStudio-Delivery"]!, headers["X-MerchantStudio-Timestamp"]!, headers["X-MerchantStudio-Signature"]!, await reader.ReadToEndAsync(context.RequestAborted));
        var before = Calls.Count;
        Calls.Enqueue(call);
        context.Response.StatusCode = await Answer(call, before);
    }
}
