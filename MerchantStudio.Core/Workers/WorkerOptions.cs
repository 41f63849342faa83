namespace MerchantStudio.Core.Workers;

/// <summary>Bound from "Studio:Worker".</summary>
public sealed class WorkerOptions
{
    /// <summary>The program and its first arguments; empty for this very program.</summary>
    public IList<string> Command { get; } = [];

    public WorkerLimits Limits { get; set; } = new();
}
