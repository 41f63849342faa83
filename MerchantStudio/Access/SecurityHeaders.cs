namespace MerchantStudio.Access;

/// <summary>What every answer tells the browser: only our own scripts, no framing, no guessing of types, no copies of signed-in pages.</summary>
internal sealed class SecurityHeaders(RequestDelegate next)
{
    /// <remarks>Styles may stand in attributes, because the component library and the charts set them there; scripts may not.</remarks>
    private const string Policy =
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; "
        + "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    public Task InvokeAsync(HttpContext context)
    {
        context.Response.OnStarting(() =>
        {
            var headers = context.Response.Headers;
            headers.ContentSecurityPolicy = Policy;
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "same-origin";
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
            headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()";
            var isFile = Path.HasExtension(context.Request.Path.Value) && context.Response.ContentType?.StartsWith("text/html", StringComparison.Ordinal) != true;
            if (!isFile) headers.CacheControl = "no-store";
            return Task.CompletedTask;
        });
        return next(context);
    }
}
