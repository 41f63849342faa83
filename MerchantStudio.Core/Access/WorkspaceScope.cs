using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Shop;

namespace MerchantStudio.Core.Access;

/// <summary>Who acts: a signed-in person, the command line or the scheduler.</summary>
/// <param name="Name">Shown in the audit trail.</param>
/// <param name="UserId">Null for the command line, the scheduler and the demo visitor.</param>
public sealed record Actor(string Name, Guid? UserId, Role Role)
{
    /// <summary>What a program's key is for; null for people and the studio itself.</summary>
    public ApiKeyKind? Key { get; private init; }

    /// <summary>Whoever may write the data folder acts as owner.</summary>
    public static Actor CommandLine { get; } = new("command line", null, Role.Owner);

    /// <summary>A program of the shop's, with the rights of its key.</summary>
    public static Actor OfKey(KeyHolder key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return new Actor("key " + key.Prefix, null, Role.Viewer) { Key = key.Kind };
    }

    public static Actor Scheduler { get; } = new("scheduler", null, Role.Owner);
}

/// <summary>The workspace that a call concerns and who makes it; every service call carries one.</summary>
public sealed record WorkspaceScope(WorkspaceId Workspace, Actor Actor)
{
    /// <summary>Null when the actor may do this, else the problem to return.</summary>
    public Problem? Refusal(Right right) => Rights.Allows(Actor, right) ? null : new AccessRefused(right);
}

public sealed record AccessRefused(Right Right)
    : Problem("access.refused", "Your role does not allow this ({0}). Ask an owner of the shop.", Right.ToString());
