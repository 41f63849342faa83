using System.Collections.Immutable;

namespace MerchantStudio.Tests.Browser;

/// <summary>Every page by its address below the workspace; a new page is a line here.</summary>
internal static class StudioPages
{
    /// <summary>What a demo visitor, a Marketer, may open.</summary>
    public static readonly ImmutableArray<string> Demo =
    [
        "", "truth", "data/import", "data/datasets", "data/quality", "data/cleaning", "customers", "customers/u1003", "segments", "segments/rfm:champions", "features", "reviews",
        "intent", "models", "runs", "runs/1", "rules", "rules/new", "codes",
    ];

    /// <summary>What needs an owner with an account.</summary>
    public static readonly ImmutableArray<string> Owner = ["settings/shop", "settings/rates", "settings/team", "settings/audit", "account"];

    /// <summary>A name for files: "home", "data-import".</summary>
    public static string Name(string path) => path.Length == 0 ? "home" : path.Replace('/', '-').Replace(':', '-');
}
