using MerchantStudio.Core.Shop;

namespace MerchantStudio.Core.AppState;

/// <summary>A trained model of whom an experiment's offer changes: its file and its card. The highest number of an arm counts.</summary>
public sealed class SavedUplift
{
    public required Guid Id { get; init; }
    public required WorkspaceId WorkspaceId { get; init; }
    public required Guid ExperimentId { get; init; }

    /// <summary>As the report counts them.</summary>
    public required int Arm { get; init; }

    /// <summary>1, 2, 3 for each arm of an experiment.</summary>
    public required int Number { get; init; }

    /// <summary>SHA-256 of the model file.</summary>
    public required string FileHash { get; init; }

    /// <summary>SHA-256 of the people that it learnt from: as long as they are the same, nothing is learnt anew.</summary>
    public required string DataHash { get; init; }

    /// <summary>How well it tells people apart, by the people that it did not see, and where its tenths part.</summary>
    public required string CardJson { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
}
