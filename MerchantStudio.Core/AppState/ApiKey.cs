using MerchantStudio.Core.Shop;

namespace MerchantStudio.Core.AppState;

public enum ApiKeyKind
{
    /// <summary>May send events and nothing else: it stands readable in the shop's pages.</summary>
    WriteEvents,

    /// <summary>May read what models say of a shopper, and nothing else. For the shop's server: whoever has it can look shoppers up.</summary>
    ReadScores,

    /// <summary>May ask whether a code holds for an order, redeem it and take that back. For the shop's server only.</summary>
    RedeemCoupons,
}

/// <summary>A program's way in. Only the secret's hash is kept; the prefix is for people to tell keys apart.</summary>
public sealed class ApiKey
{
    public required Guid Id { get; init; }
    public required WorkspaceId WorkspaceId { get; init; }
    public required ApiKeyKind Kind { get; init; }
    public required string Name { get; init; }

    /// <summary>The first letters of the secret.</summary>
    public required string Prefix { get; init; }

    /// <summary>SHA-256 of the whole secret, lower-case hexadecimal.</summary>
    public required string SecretHash { get; init; }
    public required string CreatedBy { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>To the minute; null before its first use.</summary>
    public DateTimeOffset? LastUsedAt { get; set; }

    /// <summary>Null for a key that holds until it is revoked.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
    public DateTimeOffset? RevokedAt { get; set; }
    public string? RevokedBy { get; set; }
}
