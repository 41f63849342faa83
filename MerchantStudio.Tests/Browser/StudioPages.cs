using System.Collections.Immutable;

namespace MerchantStudio.Tests.Browser;

/// <summary>Every page by its address below the workspace; a new page is a line here.</summary>
internal static class StudioPages
{
    /// <summary>What a demo visitor, a Marketer, may open.</summary>
    public static readonly ImmutableArray<string> Demo =
    [
        "", "truth", "data/import", "data/datasets", "data/quality", "data/cleaning", "data/live", "data/identities", "customers", "customers/u1003", "segments", "segments/rfm:champions", "features", "reviews",
        "intent", "training", "training/next", "training/visit", "debate", "models", "runs", "runs/1", "promotions/campaigns", "rules", "rules/new", "promotions/personal", "codes", "redemptions", "promotions/referrals", "promotions/experiments", "promotions/attribution", "promotions/calendar",
        "settings/api", "settings/limits",
    ];

    /// <summary>What needs an owner with an account.</summary>
    public static readonly ImmutableArray<string> Owner = ["models/bring", "settings/shop", "settings/rates", "settings/team", "settings/keys", "settings/limits", "settings/audit", "account"];

    /// <summary>The pictures of README and guide, by their names in docs/guide/images.</summary>
    public static readonly ImmutableArray<(string Language, int Width, string Path, string Name)> Guide =
    [
        ("en", 1440, "", "home"), ("en", 1440, "segments", "segments"), ("en", 1440, "intent", "intent"), ("en", 1440, "truth", "truth"), ("en", 1440, "rules/new", "rules-new"),
        ("en", 1440, "reviews", "reviews"), ("en", 1440, "customers/u1003", "customer"), ("en", 1440, "data/quality", "quality"), ("en", 1440, "runs/1", "run"), ("en", 1440, "data/cleaning", "cleaning"),
        ("zh-CN", 1440, "", "home-zh"), ("zh-CN", 1440, "reviews", "reviews-zh"), ("zh-CN", 1440, "segments", "segments-zh"), ("zh-CN", 1440, "intent", "intent-zh"), ("zh-CN", 1440, "data/cleaning", "cleaning-zh"), ("zh-CN", 1440, "truth", "truth-zh"),
        ("zh-CN", 1440, "rules/new", "rules-new-zh"), ("zh-CN", 1440, "customers/u1003", "customer-zh"), ("zh-CN", 1440, "data/quality", "quality-zh"), ("zh-CN", 1440, "runs/1", "run-zh"), ("en", 390, "segments", "segments-phone"),
    ];

    /// <summary>A name for files: "home", "data-import".</summary>
    public static string Name(string path) => path.Length == 0 ? "home" : path.Replace('/', '-').Replace(':', '-');
}
