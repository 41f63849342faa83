using MerchantStudio.Core.Shop;

namespace MerchantStudio.Core.AppState;

/// <summary>What a rule would have done in the past, as it was worked out once; kept to be compared with what then happened.</summary>
public sealed class RuleReplay
{
    public required Guid Id { get; init; }
    public required WorkspaceId WorkspaceId { get; init; }
    public required Guid RuleId { get; init; }

    /// <summary>What was replayed, told apart from other terms of the same rule.</summary>
    public required string TermsHash { get; init; }
    public required int Revision { get; init; }
    public required DateTimeOffset From { get; init; }
    public required DateTimeOffset To { get; init; }

    /// <summary>The moment of the published data it read.</summary>
    public required DateTimeOffset DataAsOf { get; init; }
    public required DateTimeOffset MadeAt { get; init; }
    public required string MadeBy { get; init; }
    public required string ResultJson { get; init; }
}

/// <summary>Why a rule that treats groups unequally may go live all the same; kept with the rule.</summary>
public sealed class RuleJustification
{
    public required Guid Id { get; init; }
    public required WorkspaceId WorkspaceId { get; init; }
    public required Guid RuleId { get; init; }

    /// <summary>It holds for these terms alone.</summary>
    public required string TermsHash { get; init; }

    /// <summary>The finding it answers: "fairness.loyalty" and the like.</summary>
    public required string Finding { get; init; }
    public required string Reason { get; init; }
    public required string By { get; init; }
    public required DateTimeOffset At { get; init; }
}
