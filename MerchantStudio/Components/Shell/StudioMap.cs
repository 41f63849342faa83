using System.Collections.Immutable;
using MerchantStudio.Core.Access;

namespace MerchantStudio.Components.Shell;

/// <param name="Text">Key of its name.</param>
/// <param name="Path">Below the workspace's address.</param>
/// <param name="Right">Who sees it in the rail; the services guard it themselves.</param>
public sealed record StudioPlace(string Text, string Path, Right Right = Right.ReadFigures, bool DemoOnly = false);

/// <param name="Icon">Name in the kit's icons.</param>
public sealed record StudioArea(string Text, string Icon, ImmutableArray<StudioPlace> Pages);

/// <summary>The seven areas and their pages, once, for the rail, the drawer and the palette.</summary>
public static class StudioMap
{
    public static ImmutableArray<StudioArea> Areas { get; } =
    [
        new("Shell.home", "home", [new("Shell.overview", "", Right.LookUpCustomer), new("Shell.truth", "truth", DemoOnly: true)]),
        new("Shell.data", "data", [new("Shell.data-import", "data/import", Right.ImportData), new("Shell.data-datasets", "data/datasets"), new("Shell.data-quality", "data/quality"), new("Shell.data-cleaning", "data/cleaning"), new("Shell.data-live", "data/live"), new("Shell.data-identities", "data/identities", Right.LookUpCustomer)]),
        new("Shell.customers", "people", [new("Shell.customers-list", "customers", Right.LookUpCustomer), new("Shell.segments", "segments"), new("Shell.features", "features")]),
        new("Shell.insights", "bars", [new("Shell.reviews", "reviews")]),
        new("Shell.predictions", "prediction", [new("Shell.intent", "intent"), new("Shell.training", "training"), new("Shell.debate", "debate"), new("Shell.models", "models"), new("Shell.runs", "runs")]),
        new("Shell.promotions", "tag", [new("Shell.campaigns", "promotions/campaigns"), new("Shell.rules", "rules"), new("Shell.personal", "promotions/personal", Right.LookUpCustomer), new("Shell.codes", "codes", Right.LookUpCustomer), new("Shell.redemptions", "redemptions", Right.LookUpCustomer), new("Shell.referrals", "promotions/referrals"), new("Shell.experiments", "promotions/experiments"), new("Shell.attribution", "promotions/attribution"), new("Shell.calendar", "promotions/calendar")]),
        new("Shell.settings", "settings", [new("Shell.shop", "settings/shop", Right.ManageShop), new("Shell.rates", "settings/rates", Right.ManageShop), new("Shell.team", "settings/team", Right.ManageTeam), new("Shell.keys", "settings/keys", Right.ManageKeys), new("Shell.api", "settings/api"), new("Shell.messages", "settings/messages", Right.PublishOffers), new("Shell.limits", "settings/limits", Right.ImportData), new("Shell.audit", "settings/audit", Right.ReadAudit), new("Shell.account", "account", Right.LookUpCustomer)]),
    ];

    /// <summary>What this person sees of an area.</summary>
    public static ImmutableArray<StudioPlace> For(StudioArea area, ShopView shop)
    {
        ArgumentNullException.ThrowIfNull(area);
        ArgumentNullException.ThrowIfNull(shop);
        return [.. area.Pages.Where(page => (!page.DemoOnly || shop.Workspace.IsDemo) && (page.Path.Length == 0 || page.Path == "account" ? shop.Scope.Actor.UserId is not null || page.Path.Length == 0 : shop.May(page.Right)))];
    }

    /// <summary>The page that an address below the workspace belongs to: the longest path that it begins with.</summary>
    public static StudioPlace? Find(string path) => Areas.SelectMany(area => area.Pages)
        .Where(page => path == page.Path || (page.Path.Length > 0 && path.StartsWith(page.Path + "/", StringComparison.Ordinal)))
        .MaxBy(page => page.Path.Length);
}
