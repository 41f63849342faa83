using MerchantStudio.Core.Shop;
using Microsoft.AspNetCore.Identity;

namespace MerchantStudio.Core.AppState;

/// <summary>One shop's data and settings.</summary>
public sealed class Workspace
{
    public required WorkspaceId Id { get; init; }
    public required string Name { get; set; }

    /// <summary>ISO 4217.</summary>
    public required string Currency { get; set; }

    /// <summary>IANA time zone of the store; days and weeks are cut in it.</summary>
    public required string TimeZone { get; set; }

    /// <summary>Order states that count as paid, separated by '|'.</summary>
    public string PaidStates { get; set; } = "paid|completed|processing|shipped|fulfilled|delivered|交易成功";
    public bool IsDemo { get; init; }
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Minutes without an event that end a session.</summary>
    public int SessionGapMinutes { get; set; } = 30;

    /// <summary>Whether the pipeline runs after every import; null until the merchant has been asked.</summary>
    public bool? RunAfterImport { get; set; }

    /// <summary>Minute of the store's day at which the pipeline runs by itself; null for never.</summary>
    public int? DailyRunMinute { get; set; }

    /// <summary>A rule with a larger budget needs an Owner's approval; minor units.</summary>
    public long ApprovalLimitMinor { get; set; } = 250_000;

    /// <summary>Whether of offers that exclude each other those worth most to the shopper apply, instead of those of the highest priority.</summary>
    public bool BestOffersForCustomer { get; set; }

    /// <summary>Most bytes on the disk; null for the installation's own limit, as with the next three.</summary>
    public long? MostBytes { get; set; }

    /// <summary>Most rows in all data sets together.</summary>
    public long? MostRows { get; set; }

    /// <summary>Most uploads at the same time.</summary>
    public int? MostUploads { get; set; }

    /// <summary>Most uploaded files that wait for their import.</summary>
    public int? MostFiles { get; set; }

    /// <summary>Origins of the shop's own pages, from which browsers may send events, separated by blanks.</summary>
    public string StoreOrigins { get; set; } = "";

    /// <summary>Whether the shop's pages send nothing before a visitor has agreed.</summary>
    public bool AsksConsent { get; set; } = true;

    /// <summary>Edited RFM cut points and star-to-sentiment bounds as JSON; null for the defaults.</summary>
    public string? SettingsJson { get; set; }
}

/// <summary>A person who signs in.</summary>
public sealed class StudioUser : IdentityUser<Guid>
{
    public string DisplayName { get; set; } = "";
    public DateTimeOffset CreatedAt { get; set; }
}

/// <summary>A person's role in a workspace.</summary>
public sealed class Membership
{
    public required Guid UserId { get; init; }
    public required WorkspaceId WorkspaceId { get; init; }
    public required Role Role { get; set; }
}

/// <summary>A one-use link that makes an account or a new password; only the token's hash is kept.</summary>
public sealed class AccessLink
{
    public required Guid Id { get; init; }
    public required AccessLinkKind Kind { get; init; }
    public required string TokenHash { get; init; }
    public WorkspaceId? WorkspaceId { get; init; }
    public Role? Role { get; init; }

    /// <summary>The account whose password a reset link changes.</summary>
    public Guid? UserId { get; init; }
    public required string CreatedBy { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }
    public DateTimeOffset? UsedAt { get; set; }
}

public enum AccessLinkKind
{
    Invitation,
    PasswordReset,
}

/// <summary>A sign-in that was ended before its cookie ran out; kept for as long as the cookie could live.</summary>
public sealed class EndedSession
{
    public required string Id { get; init; }
    public required DateTimeOffset EndedAt { get; init; }
}

/// <summary>A setting of the whole installation.</summary>
public sealed class InstallationSetting
{
    public required string Key { get; init; }
    public required string Value { get; set; }
}

/// <summary>Who did what, when; rows are only ever added.</summary>
public sealed class AuditEntry
{
    public long Id { get; init; }
    public WorkspaceId? WorkspaceId { get; init; }
    public required DateTimeOffset At { get; init; }
    public required string Actor { get; init; }

    /// <summary>Dotted and stable: "rule.activated", "quality.overridden".</summary>
    public required string Action { get; init; }
    public string? Target { get; init; }
    public string? Before { get; init; }
    public string? After { get; init; }
    public string? Reason { get; init; }
}
