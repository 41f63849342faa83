using System.Globalization;
using System.Text.Encodings.Web;
using MerchantStudio.Core.Campaigns.Delivery;
using MerchantStudio.Localization;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MerchantStudio.Endpoints;

/// <summary>The way out of a shop's messages: a page with one button, and the call that mail programs make for their own button. No sign-in; a link names neither shop nor shopper.</summary>
internal static class UnsubscribeEndpoints
{
    public static IEndpointRouteBuilder MapUnsubscribing(this IEndpointRouteBuilder app)
    {
        app.MapGet(OptOuts.Path + "{token}", PageAsync).AllowAnonymous();
        app.MapPost(OptOuts.Path + "{token}", LeaveAsync).AllowAnonymous();
        return app;
    }

    internal static async Task<IResult> PageAsync(string token, OptOuts optOuts, Texts texts, CancellationToken cancellationToken) =>
        await optOuts.FindAsync(token, cancellationToken) is { } view ? Page(view, texts) : TypedResults.NotFound();

    /// <summary>Mail programs send "List-Unsubscribe=One-Click" (RFC 8058) and show no page; the page's own button sends nothing.</summary>
    internal static async Task<IResult> LeaveAsync(string token, HttpRequest request, OptOuts optOuts, Texts texts, CancellationToken cancellationToken)
    {
        var byMailProgram = request.HasFormContentType && (await request.ReadFormAsync(cancellationToken))["List-Unsubscribe"] == "One-Click";
        if (!await optOuts.LeaveAsync(token, byMailProgram ? OptOuts.ByMailProgram : OptOuts.ByLink, cancellationToken)) return TypedResults.NotFound();
        return byMailProgram || await optOuts.FindAsync(token, cancellationToken) is not { } view ? TypedResults.Ok() : Page(view, texts);
    }

    private static ContentHttpResult Page(OptOutView view, Texts texts)
    {
        var before = CultureInfo.CurrentUICulture;
        try
        {
            // In the language of the message, whatever the browser's is.
            CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(view.Language);
            var shop = HtmlEncoder.Default.Encode(view.ShopName);
            var (title, text) = view.HasLeft ? (texts["Unsubscribe.done"], texts["Unsubscribe.done-text", shop]) : (texts["Unsubscribe.title"], texts["Unsubscribe.text", shop]);
            var button = view.HasLeft ? "" : $"<form method=\"post\"><button type=\"submit\">{HtmlEncoder.Default.Encode(texts["Unsubscribe.go"])}</button></form>";
            return TypedResults.Text($"""
                <!DOCTYPE html>
                <html lang="{view.Language}" data-theme-choice="system">
                <head>
                  <meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">
                  <title>{HtmlEncoder.Default.Encode(title)}</title>
                  <link rel="icon" type="image/svg+xml" href="/favicon.svg">
                  <link rel="stylesheet" href="/css/tokens.css"><link rel="stylesheet" href="/css/base.css"><link rel="stylesheet" href="/css/unsubscribe.css">
                  <script src="/js/theme.js"></script>
                </head>
                <body><main class="unsubscribe"><h1>{HtmlEncoder.Default.Encode(title)}</h1><p>{text}</p>{button}</main></body>
                </html>
                """, "text/html; charset=utf-8");
        }
        finally
        {
            CultureInfo.CurrentUICulture = before;
        }
    }
}
