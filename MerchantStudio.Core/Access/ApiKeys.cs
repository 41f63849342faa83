using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Shop;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Access;

/// <param name="Secret">Shown this once; it cannot be found out again.</param>
public sealed record NewApiKey(ApiKey Key, string Secret)
{
    /// <summary>Never the secret: a log may print this.</summary>
    public override string ToString() => Key.Prefix;
}

/// <summary>Whose key a program has shown.</summary>
public sealed record KeyHolder(WorkspaceId Workspace, ApiKeyKind Kind, string Prefix);

/// <summary>The keys with which programs speak to a shop: made, listed by their first letters, revoked, recognised.</summary>
public sealed class ApiKeys(IDbContextFactory<StudioDb> contexts, AuditTrail audit, TimeProvider clock)
{
    /// <summary>A key revoked elsewhere is refused after this at the latest; one revoked here at once.</summary>
    public static readonly TimeSpan Remembered = TimeSpan.FromSeconds(4);

    private const int MostNameLetters = 60;
    private const int MostKeys = 50;
    private const int PrefixLetters = 10;
    private static readonly TimeSpan UseNoted = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<string, (KeyHolder Holder, DateTimeOffset? ExpiresAt, DateTimeOffset Until)> _known = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<WorkspaceId, string> _previews = new();

    /// <summary>Makes a key; the secret is in the answer and nowhere else.</summary>
    /// <param name="life">Null for a key that holds until it is revoked.</param>
    public async Task<Outcome<NewApiKey>> CreateAsync(WorkspaceScope scope, string name, ApiKeyKind kind, TimeSpan? life, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.ManageKeys) is { } refusal) return refusal;
        if (string.IsNullOrWhiteSpace(name) || name.Trim().Length > MostNameLetters) return new KeyNameInvalid(MostNameLetters);
        var db = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        if (await db.ApiKeys.CountAsync(row => row.WorkspaceId == scope.Workspace && row.RevokedAt == null, cancellationToken).ConfigureAwait(false) >= MostKeys) return new TooManyKeys(MostKeys);
        var secret = NewSecret(kind);
        var now = clock.GetUtcNow();
        var key = new ApiKey
        {
            Id = Guid.CreateVersion7(now),
            WorkspaceId = scope.Workspace,
            Kind = kind,
            Name = name.Trim(),
            Prefix = secret[..PrefixLetters],
            SecretHash = HashOf(secret),
            CreatedBy = scope.Actor.Name,
            CreatedAt = now,
            ExpiresAt = now + life,
        };
        db.ApiKeys.Add(key);
        audit.Add(db, scope.Workspace, scope.Actor, new AuditFact("key.created", key.Prefix, After: key.Name));
        await db.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        return new NewApiKey(key, secret);
    }

    /// <summary>All keys of the shop, revoked ones included, the newest first.</summary>
    public async Task<Outcome<ImmutableArray<ApiKey>>> ListAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.ManageKeys) is { } refusal) return refusal;
        var db = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        return (await db.ApiKeys.AsNoTracking().Where(row => row.WorkspaceId == scope.Workspace).OrderByDescending(row => row.CreatedAt).ToListAsync(cancellationToken).ConfigureAwait(false)).ToImmutableArray();
    }

    public async Task<Outcome<Done>> RevokeAsync(WorkspaceScope scope, Guid key, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.ManageKeys) is { } refusal) return refusal;
        var db = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        if (await db.ApiKeys.SingleOrDefaultAsync(row => row.Id == key && row.WorkspaceId == scope.Workspace, cancellationToken).ConfigureAwait(false) is not { } found) return new KeyNotFound();
        if (found.RevokedAt is null)
        {
            found.RevokedAt = clock.GetUtcNow();
            found.RevokedBy = scope.Actor.Name;
            audit.Add(db, scope.Workspace, scope.Actor, new AuditFact("key.revoked", found.Prefix, Before: found.Name));
            await db.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        }

        _known.TryRemove(found.SecretHash, out var _);
        return new Done();
    }

    /// <summary>Whose key this is; null for one that was never made, is revoked or has expired.</summary>
    public async Task<KeyHolder?> FindAsync(string? secret, CancellationToken cancellationToken)
    {
        // Keys are made of 32 random bytes: whoever has the hash's preimage has the key, so a look-up by hash gives nothing away.
        if (secret is not { Length: > 20 and < 100 }) return null;
        var hash = HashOf(secret);
        var now = clock.GetUtcNow();
        if (_known.TryGetValue(hash, out var known) && known.Until > now) return known.ExpiresAt <= now ? null : known.Holder;
        if (Preview(hash) is { } preview) return preview;
        var db = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        var key = await db.ApiKeys.SingleOrDefaultAsync(row => row.SecretHash == hash && row.RevokedAt == null, cancellationToken).ConfigureAwait(false);
        if (key is null || key.ExpiresAt <= now || !SameHash(key.SecretHash, hash))
        {
            _known.TryRemove(hash, out var _);
            return null;
        }

        if (key.LastUsedAt is null || now - key.LastUsedAt >= UseNoted)
        {
            key.LastUsedAt = now;
            await db.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        }

        var holder = new KeyHolder(key.WorkspaceId, key.Kind, key.Prefix);
        _known[hash] = (holder, key.ExpiresAt, now + Remembered);
        return holder;
    }

    /// <summary>A key for the studio's own preview of the shop's pages: never stored, gone with the process.</summary>
    public Outcome<string> PreviewKey(WorkspaceScope scope)
    {
        ArgumentNullException.ThrowIfNull(scope);
        return scope.Refusal(Right.ManageKeys) is { } refusal ? refusal : _previews.GetOrAdd(scope.Workspace, _ => NewSecret(ApiKeyKind.WriteEvents));
    }

    /// <summary>What the holder of a preview key is called.</summary>
    public const string PreviewPrefix = "preview";

    private KeyHolder? Preview(string hash)
    {
        foreach (var (workspace, secret) in _previews)
        {
            if (SameHash(HashOf(secret), hash)) return new KeyHolder(workspace, ApiKeyKind.WriteEvents, PreviewPrefix);
        }

        return null;
    }

    /// <summary>Whoever comes across one sees what it is.</summary>
    private static string NewSecret(ApiKeyKind kind) => kind switch { ApiKeyKind.ReadScores => "msr_", ApiKeyKind.RedeemCoupons => "msc_", _ => "msw_" } + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    private static string HashOf(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    private static bool SameHash(string one, string other) => CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(one), Encoding.ASCII.GetBytes(other));
}

public sealed record KeyNameInvalid(int Most) : Problem("key.name-invalid", "Give the key a name of 1 to {0} characters, like 'Online shop'.", Most);

public sealed record TooManyKeys(int Most) : Problem("key.too-many", "A shop may have {0} keys. Revoke one that is no longer in use.", Most);

public sealed record KeyNotFound() : Problem("key.not-found", "This key does not exist any more.");
