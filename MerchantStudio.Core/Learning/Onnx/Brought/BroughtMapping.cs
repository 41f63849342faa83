using System.Collections.Immutable;
using System.Text.Json;

namespace MerchantStudio.Core.Learning.Onnx.Brought;

/// <summary>What each column of a foreign model is given, and which of its results is the chance.</summary>
/// <param name="Features">A feature's key for each column, one input after the other; null where none is chosen yet.</param>
/// <param name="Output">The name of a result.</param>
/// <param name="Missing">The number that stands for a missing feature; null to give NaN.</param>
public sealed record BroughtMapping(ImmutableArray<string?> Features, string Output, float? Missing)
{
    /// <summary>What the file's own names say: its metadata's list "numbers" (as files of this studio have), names of inputs, or the features in their order where there are as many.</summary>
    /// <param name="features">Keys that models may use, in their order.</param>
    public static BroughtMapping Suggest(BroughtGraph graph, ImmutableArray<string> features)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var known = features.ToHashSet(StringComparer.Ordinal);
        string?[] names = [.. graph.Inputs.Length == 1 ? Listed(graph) : graph.Inputs.SelectMany(input => input.Columns == 1 ? [input.Name] : new string?[input.Columns])];
        for (var i = 0; i < names.Length; i++) names[i] = names[i] is { } name && Key(name) is var key && known.Contains(key) ? key : null;
        if (names.All(name => name is null) && names.Length == features.Length) names = [.. features];
        var output = graph.Outputs.FirstOrDefault(output => output.Name.Contains("prob", StringComparison.OrdinalIgnoreCase)) ?? graph.Outputs[0];
        return new BroughtMapping([.. names], output.Name, graph.Inputs.Any(input => input.Type.StartsWith("int", StringComparison.Ordinal)) ? 0 : null);
    }

    private static string?[] Listed(BroughtGraph graph)
    {
        var (input, names) = (graph.Inputs[0], new string?[graph.Columns]);
        if (input.Columns == 1) return [input.Name];
        if (!graph.Facts.TryGetValue(OnnxInputs.Numbers, out var list)) return names;
        try
        {
            var listed = JsonSerializer.Deserialize<string?[]>(list) ?? [];
            return listed.Length == names.Length ? listed : names;
        }
        catch (JsonException)
        {
            return names;   // the file's metadata are its own affair
        }
    }

    private static string Key(string name) => name.Trim().Replace(' ', '_').Replace('-', '_').ToLowerInvariant();
}
