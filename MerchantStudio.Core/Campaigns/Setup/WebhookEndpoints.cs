using System.Collections.Immutable;
using System.Text.Json;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Campaigns.Webhooks;
using MerchantStudio.Core.Outcomes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace MerchantStudio.Core.Campaigns.Setup;

/// <param name="Secret">Shown this once.</param>
public sealed record NewEndpointSecret(Guid Id, string Name, string Secret)
{
    /// <summary>Never the secret: a log may print this.</summary>
    public override string ToString() => Name;
}

/// <summary>A webhook without its secret.</summary>
public sealed record EndpointView(Guid Id, string Name, string Url, string CreatedBy, DateTimeOffset CreatedAt, DateTimeOffset? SecretChangedAt, DateTimeOffset? FailingSince, DateTimeOffset? DisabledAt);

/// <summary>The merchant's programs that take messages. Secrets are made here, shown once and kept protected.</summary>
public sealed class WebhookEndpoints(IDbContextFactory<StudioDb> databases, WebhookCaller caller, IContactProtector protector, IOptions<MessagingOptions> options, AuditTrail audit, TimeProvider clock)
{
    private const int MostNameLetters = 60;
    private const int MostEndpoints = 20;

    public async Task<Outcome<ImmutableArray<EndpointView>>> ListAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.PublishOffers) is { } refusal) return refusal;
        var db = await databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        return (await db.WebhookEndpoints.Where(row => row.WorkspaceId == scope.Workspace && row.RemovedAt == null).OrderBy(row => row.CreatedAt)
            .Select(row => new EndpointView(row.Id, row.Name, row.Url, row.CreatedBy, row.CreatedAt, row.SecretChangedAt, row.FailingSince, row.DisabledAt)).ToListAsync(cancellationToken).ConfigureAwait(false)).ToImmutableArray();
    }

    public async Task<Outcome<NewEndpointSecret>> AddAsync(WorkspaceScope scope, string? name, string? url, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.ManageShop) is { } refusal) return refusal;
        name = name?.Trim() ?? "";
        if (name.Length is 0 or > MostNameLetters) return new EndpointNameInvalid(MostNameLetters);
        if (!WebhookTarget.Check(url, options.Value).TryGet(out var target, out var problem)) return problem;
        var db = await databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        if (await db.WebhookEndpoints.CountAsync(row => row.WorkspaceId == scope.Workspace && row.RemovedAt == null, cancellationToken).ConfigureAwait(false) >= MostEndpoints) return new TooManyEndpoints(MostEndpoints);
        var (now, secret) = (clock.GetUtcNow(), WebhookSignature.NewSecret());
        var row = new WebhookEndpoint
        {
            Id = Guid.CreateVersion7(now),
            WorkspaceId = scope.Workspace,
            Name = name,
            Url = target.Address.AbsoluteUri,
            SecretProtected = protector.Protect(secret),
            CreatedBy = scope.Actor.Name,
            CreatedAt = now,
        };
        db.WebhookEndpoints.Add(row);
        audit.Add(db, scope.Workspace, scope.Actor, new AuditFact("webhook.added", name, After: target.Address.GetLeftPart(UriPartial.Authority)));
        await db.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        return new NewEndpointSecret(row.Id, name, secret);
    }

    /// <summary>A new secret, from the next message on; the old one is worth nothing then.</summary>
    public async Task<Outcome<NewEndpointSecret>> RotateAsync(WorkspaceScope scope, Guid endpoint, CancellationToken cancellationToken)
    {
        var secret = WebhookSignature.NewSecret();
        var changed = await ChangeAsync(scope, endpoint, "webhook.secret-changed", row => (row.SecretProtected, row.SecretChangedAt) = (protector.Protect(secret), clock.GetUtcNow()), cancellationToken).ConfigureAwait(false);
        return changed.TryGet(out var row, out var problem) ? new NewEndpointSecret(row.Id, row.Name, secret) : problem;
    }

    /// <summary>Switches one on again that was switched off for failing.</summary>
    public async Task<Outcome<Done>> EnableAsync(WorkspaceScope scope, Guid endpoint, CancellationToken cancellationToken) =>
        (await ChangeAsync(scope, endpoint, "webhook.enabled", row => (row.DisabledAt, row.FailingSince) = (null, null), cancellationToken).ConfigureAwait(false)).Problem is { } problem ? problem : new Done();

    /// <summary>What waits for it fails; the log keeps its name.</summary>
    public async Task<Outcome<Done>> RemoveAsync(WorkspaceScope scope, Guid endpoint, CancellationToken cancellationToken) =>
        (await ChangeAsync(scope, endpoint, "webhook.removed", row => (row.RemovedAt, row.SecretProtected) = (clock.GetUtcNow(), ""), cancellationToken).ConfigureAwait(false)).Problem is { } problem ? problem : new Done();

    /// <summary>Posts a signed call of the type "test" at once.</summary>
    public async Task<Outcome<Done>> TestAsync(WorkspaceScope scope, Guid endpoint, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.ManageShop) is { } refusal) return refusal;
        var db = await databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        if (await FindAsync(db, scope, endpoint, cancellationToken).ConfigureAwait(false) is not { } row) return new EndpointGone();
        if (!WebhookTarget.Check(row.Url, options.Value).TryGet(out var target, out var problem)) return problem;
        var id = Guid.CreateVersion7(clock.GetUtcNow());
        var body = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object> { ["id"] = id, ["type"] = "test", ["created_at"] = clock.GetUtcNow(), ["workspace"] = scope.Workspace.Value });
        var result = await caller.PostAsync(target.Address, protector.Unprotect(row.SecretProtected) ?? "", id, body, cancellationToken).ConfigureAwait(false);
        return result.IsSent ? new Done() : new TestFailed(result.Fault!, result.Status);
    }

    private async Task<Outcome<WebhookEndpoint>> ChangeAsync(WorkspaceScope scope, Guid endpoint, string action, Action<WebhookEndpoint> change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.ManageShop) is { } refusal) return refusal;
        var db = await databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        if (await FindAsync(db, scope, endpoint, cancellationToken).ConfigureAwait(false) is not { } row) return new EndpointGone();
        change(row);
        audit.Add(db, scope.Workspace, scope.Actor, new AuditFact(action, row.Name));
        await db.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        return row;
    }

    private static Task<WebhookEndpoint?> FindAsync(StudioDb db, WorkspaceScope scope, Guid endpoint, CancellationToken cancellationToken) =>
        db.WebhookEndpoints.SingleOrDefaultAsync(row => row.Id == endpoint && row.WorkspaceId == scope.Workspace && row.RemovedAt == null, cancellationToken);
}

public sealed record EndpointNameInvalid(int Most) : Problem("messages.endpoint-name-invalid", "Give the webhook a name of 1 to {0} characters, like 'Push service'.", Most);

public sealed record TooManyEndpoints(int Most) : Problem("messages.too-many-endpoints", "A shop may have {0} webhooks. Remove one that is no longer in use.", Most);

public sealed record EndpointGone() : Problem("messages.endpoint-gone", "This webhook does not exist any more.");
