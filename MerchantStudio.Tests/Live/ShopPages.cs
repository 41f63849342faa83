using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace MerchantStudio.Tests.Live;

/// <summary>A shop of its own beside the studio: one page at an address of its own.</summary>
internal sealed class ShopPages : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ShopPages(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.Single());

    /// <summary>Addresses that were asked for, with what the browser said it came from.</summary>
    public ConcurrentQueue<string> Asked { get; } = new();

    /// <summary>What was sent to it.</summary>
    public ConcurrentQueue<string> Told { get; } = new();

    public static async Task<ShopPages> StartAsync(string html, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var pages = new ShopPages(app);
        app.Run(async context =>
        {
            pages.Asked.Enqueue($"{context.Request.Path}{context.Request.QueryString} {context.Request.Headers.Referer}");
            if (context.Request.Path == "/told")
            {
                using var reader = new StreamReader(context.Request.Body);
                pages.Told.Enqueue(await reader.ReadToEndAsync(context.RequestAborted));
            }

            if (context.Request.Path != "/") return;
            context.Response.ContentType = "text/html; charset=utf-8";
            await context.Response.WriteAsync(html);
        });
        await app.StartAsync(cancellationToken);
        return pages;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
