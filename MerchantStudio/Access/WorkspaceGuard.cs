using MerchantStudio.Core.Shop;
using MerchantStudio.Hosting;

namespace MerchantStudio.Access;

/// <summary>A route that names a workspace exists only for those who work in it: everybody else gets 404, as for one that was never made.</summary>
internal sealed class WorkspaceGuard(RequestDelegate next)
{
    public const string RouteValue = "Workspace";

    public async Task InvokeAsync(HttpContext context, CurrentScope scopes)
    {
        if (context.GetEndpoint() is not null && context.GetRouteValue(RouteValue) is string name
            && (!WorkspaceId.IsValid(name) || !(await scopes.GetAsync(new WorkspaceId(name), context.RequestAborted)).Succeeded))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        await next(context);
    }
}
