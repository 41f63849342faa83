using System.Globalization;
using System.Text.Encodings.Web;
using MerchantStudio.Access;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.Live;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Shop;
using MerchantStudio.Hosting;
using MerchantStudio.Localization;
using MerchantStudio.Storefront;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MerchantStudio.Endpoints;

/// <summary>The snippet for the shop's pages, and a small shop of the workspace's own products that uses it.</summary>
internal static class StorefrontEndpoints
{
    private static readonly string[] Words =
        ["search", "all", "add", "cart", "empty-cart", "remove", "total", "checkout", "email", "email-about", "order", "thanks", "thanks-about", "back", "nothing-found", "no-products", "consent", "agree", "decline"];

    public static IEndpointRouteBuilder MapStorefront(this IEndpointRouteBuilder app)
    {
        app.MapGet("/s/{shop}.js", SnippetAsync).AllowAnonymous();
        app.MapGet("/storefront/{" + WorkspaceGuard.RouteValue + "}", PageAsync);
        app.MapGet("/storefront/{" + WorkspaceGuard.RouteValue + "}/products", ProductsAsync);
        return app;
    }

    internal static async Task<IResult> SnippetAsync(string shop, LiveShops shops, HttpContext context, CancellationToken cancellationToken)
    {
        if (!WorkspaceId.IsValid(shop) || await shops.FindAsync(new WorkspaceId(shop), cancellationToken) is not { } found) return TypedResults.NotFound();
        context.Response.Headers.CacheControl = "public, max-age=300";
        context.Response.Headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        return TypedResults.Text(Snippet.For(found.AsksConsent), "text/javascript; charset=utf-8");
    }

    internal static async Task<IResult> PageAsync(string workspace, CurrentScope scopes, ApiKeys keys, WorkspaceDirectory workspaces, Texts texts, CancellationToken cancellationToken)
    {
        if (!(await scopes.GetAsync(new WorkspaceId(workspace), cancellationToken)).TryGet(out var scope, out var unknown)) return Missing(unknown);
        if (!keys.PreviewKey(scope).TryGet(out var key, out var refused)) return Missing(refused);
        var shop = await workspaces.FindAsync(scope.Workspace, cancellationToken);
        var name = HtmlEncoder.Default.Encode(shop?.Name ?? "");
        return TypedResults.Text($"""
            <!DOCTYPE html>
            <html lang="{CultureInfo.CurrentUICulture.Name}">
            <head>
              <meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
              <title>{name}</title>
              <link rel="icon" type="image/svg+xml" href="/favicon.svg">
              <link rel="stylesheet" href="/css/tokens.css"><link rel="stylesheet" href="/css/base.css"><link rel="stylesheet" href="/css/storefront.css">
            </head>
            <body>
              <p class="preview-note">{HtmlEncoder.Default.Encode(texts["Storefront.note"])}</p>
              <header><a href="/storefront/{workspace}" class="shop-name" data-go>{name}</a><form role="search"></form><nav></nav></header>
              <main aria-live="polite"></main>
              <div id="consent" role="region" hidden></div>
              <script src="/s/{workspace}.js" data-key="{key}"></script>
              <script src="/js/storefront.js" data-shop="{workspace}"></script>
            </body>
            </html>
            """, "text/html; charset=utf-8");
    }

    internal static async Task<IResult> ProductsAsync(string workspace, CurrentScope scopes, StorefrontCatalogue catalogue, LiveShops shops, Texts texts, CancellationToken cancellationToken)
    {
        if (!(await scopes.GetAsync(new WorkspaceId(workspace), cancellationToken)).TryGet(out var scope, out var unknown)) return Missing(unknown);
        if (!(await catalogue.ReadAsync(scope, cancellationToken)).TryGet(out var products, out var problem)) return Missing(problem);
        var shop = await shops.FindAsync(scope.Workspace, cancellationToken);
        return TypedResults.Json(new { shop!.Currency, Products = products, Words = Words.ToDictionary(word => word, word => texts["Storefront." + word]) }, ApiProblem.Json);
    }

    private static ProblemHttpResult Missing(Problem problem) => ApiProblem.Of(problem, problem is AccessRefused ? StatusCodes.Status403Forbidden : StatusCodes.Status404NotFound);
}
