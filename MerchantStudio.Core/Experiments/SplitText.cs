using System.Text.Json;

namespace MerchantStudio.Core.Experiments;

/// <summary>A split as it is kept.</summary>
public static class SplitText
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    public static string Write(ExperimentSplit split) => JsonSerializer.Serialize(split, Options);

    public static ExperimentSplit Read(string json) => JsonSerializer.Deserialize<ExperimentSplit>(json, Options) ?? throw new InvalidOperationException("An experiment is kept without its split.");
}
