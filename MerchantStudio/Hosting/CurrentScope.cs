using System.Security.Claims;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Shop;
using Microsoft.AspNetCore.Components.Authorization;

namespace MerchantStudio.Hosting;

/// <summary>Who acts in this request or circuit. The role is read from app.db each time, so a removed one ends at the next action.</summary>
public sealed class CurrentScope(WorkspaceDirectory workspaces, IHttpContextAccessor requests, IServiceProvider services)
{
    /// <summary>The person's scope in the workspace, or <see cref="WorkspaceNotFound"/> where there is none for her.</summary>
    public async Task<Outcome<WorkspaceScope>> GetAsync(WorkspaceId workspace, CancellationToken cancellationToken = default)
    {
        var actor = await ActorAsync();
        if (actor is null) return new WorkspaceNotFound(workspace);
        if (actor.UserId is null) return workspace == WorkspaceDirectory.Demo ? new WorkspaceScope(workspace, actor) : new WorkspaceNotFound(workspace);
        return await workspaces.RoleAsync(actor.UserId.Value, workspace, cancellationToken) is { } role
            ? new WorkspaceScope(workspace, actor with { Role = role })
            : new WorkspaceNotFound(workspace);
    }

    /// <summary>Who is signed in; null for nobody. The role in it holds for no workspace: ask <see cref="GetAsync"/>.</summary>
    public async Task<Actor?> ActorAsync()
    {
        var user = await UserAsync();
        if (user.Identity is not { IsAuthenticated: true }) return null;
        if (user.HasClaim(StudioClaims.Demo, "true")) return StudioClaims.DemoVisitor;
        return Guid.TryParse(user.FindFirstValue(ClaimTypes.NameIdentifier), out var id) ? new Actor(user.Identity.Name ?? "", id, Role.Viewer) : null;
    }

    private async Task<ClaimsPrincipal> UserAsync()
    {
        // Inside a circuit the request is the one that opened it (or a poll of it), and its principal may have been withdrawn since.
        if (requests.HttpContext is { } request && !request.Request.Path.StartsWithSegments("/_blazor")) return request.User;
        var state = await services.GetRequiredService<AuthenticationStateProvider>().GetAuthenticationStateAsync();
        return state.User;
    }
}

/// <summary>What the cookies say beside the account.</summary>
internal static class StudioClaims
{
    /// <summary>"true" for a visitor of the demo without an account.</summary>
    public const string Demo = "studio:demo";

    /// <summary>Names one sign-in, so that it can be ended.</summary>
    public const string Session = "studio:session";

    public static Actor DemoVisitor { get; } = new("demo visitor", null, Role.Marketer);
}

public sealed record WorkspaceNotFound(WorkspaceId Workspace)
    : Problem("workspace.not-found", "There is no shop '{0}' here for you. Choose one of yours.", Workspace.Value);
