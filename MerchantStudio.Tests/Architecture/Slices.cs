using System.Collections.Immutable;
using System.Text;

namespace MerchantStudio.Tests.Architecture;

internal sealed record SliceUse(string From, string To);

/// <summary>The core's slices, lowest layer first. A new slice is a word here.</summary>
internal static class Slices
{
    public static readonly ImmutableArray<(string Layer, ImmutableArray<string> Slices)> Layers =
    [
        ("Foundation", ["Native", "Outcomes", "Shop", "Workers"]),
        ("Stores and learning", ["AppState", "Learning", "Warehouse"]),
        ("Services", ["Access", "Conditions", "Currencies", "Exports", "Features", "Ingestion", "Jobs", "Quality"]),
        ("Capabilities", ["Campaigns", "Demo", "Experiments", "Insights.Customers", "Insights.Figures", "Insights.Intent", "Insights.Lookup", "Insights.Segments", "Live", "Promotions", "Reviews"]),
        ("Composition", ["Pipeline"]),
    ];

    private const string Root = "MerchantStudio.Core.";

    /// <summary>The slice that a namespace belongs to; null outside the core.</summary>
    public static string? Of(string name)
    {
        if (!name.StartsWith(Root, StringComparison.Ordinal)) return null;
        var parts = name[Root.Length..].Split('.');
        return parts[0] == "Insights" && parts.Length > 1 ? $"Insights.{parts[1]}" : parts[0];
    }

    /// <summary>-1 for a slice that no layer names.</summary>
    public static int LayerOf(string slice)
    {
        for (var i = 0; i < Layers.Length; i++)
        {
            if (Layers[i].Slices.Contains(slice)) return i;
        }
        return -1;
    }

    /// <summary>Mermaid text: layers as boxes, an arrow for each use that does not follow from others. What everything uses (Outcomes, Shop) is left without arrows.</summary>
    public static string Picture(IReadOnlySet<SliceUse> uses)
    {
        var drawn = uses.Where(use => use.To is not ("Outcomes" or "Shop")).ToHashSet();
        var direct = drawn.Where(use => !drawn.Any(first => first.From == use.From && first.To != use.To && Reaches(drawn, first.To, use.To, [use.From])));
        var text = new StringBuilder("flowchart BT\n");
        foreach (var (layer, slices) in Layers)
        {
            text.Append("  subgraph ").Append(Id(layer)).Append("[\"").Append(layer).Append("\"]\n");
            foreach (var slice in slices.Where(slice => uses.Any(use => use.From == slice || use.To == slice))) text.Append("    ").Append(Id(slice)).Append("[\"").Append(slice).Append("\"]\n");
            text.Append("  end\n");
        }
        text.Append("  Web[\"MerchantStudio (web, command line)\"]\n");
        foreach (var use in direct.OrderBy(use => use.From, StringComparer.Ordinal).ThenBy(use => use.To, StringComparer.Ordinal))
        {
            text.Append("  ").Append(Id(use.From)).Append(" --> ").Append(Id(use.To)).Append('\n');
        }
        return text.Append("  Web --> Composition\n").ToString();
    }

    private static bool Reaches(IReadOnlySet<SliceUse> uses, string from, string to, HashSet<string> seen) =>
        from == to || (seen.Add(from) && uses.Any(use => use.From == from && Reaches(uses, use.To, to, seen)));

    private static string Id(string name) => name.Replace(".", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal);
}
