using MerchantStudio.Core.Access;
using MerchantStudio.Core.Insights.Lookup;
using MerchantStudio.Localization;

namespace MerchantStudio.Components.Shell;

/// <summary>One line of the palette.</summary>
/// <param name="Group">"pages", "customers", "products", "segments", "rules", "actions".</param>
internal sealed record PaletteItem(string Group, string Icon, string Text, string Href, string? Note = null)
{
    public static IEnumerable<PaletteItem> Pages(ShopView shop, Texts texts, string wanted) =>
        from area in StudioMap.Areas
        from page in StudioMap.For(area, shop)
        let name = texts[page.Text]
        where name.Contains(wanted.Trim(), StringComparison.CurrentCultureIgnoreCase) || texts[area.Text].Contains(wanted.Trim(), StringComparison.CurrentCultureIgnoreCase)
        select new PaletteItem("pages", area.Icon, name, shop.Link(page.Path), name == texts[area.Text] ? null : texts[area.Text]);

    public static PaletteItem Of(ShopView shop, Found found) => found.Kind switch
    {
        FoundKind.Customer => new("customers", "person", found.Name, shop.Link("customers/" + Uri.EscapeDataString(found.Key)), found.Note),
        FoundKind.Product => new("products", "box", found.Name, shop.Link("reviews?product=" + Uri.EscapeDataString(found.Key)), found.Note),
        FoundKind.Segment => new("segments", "people", found.Name, shop.Link("segments/" + Uri.EscapeDataString(found.Key)), found.Note),
        _ => new("rules", "tag", found.Name, shop.Link("rules/" + found.Key), found.Note),
    };

    public static IEnumerable<PaletteItem> Actions(ShopView shop, Texts texts, string wanted)
    {
        (string Text, string Path, Right Right, string Icon)[] actions =
        [
            (texts["Shell.action-import"], "data/import", Right.ImportData, "upload"),
            (texts["Shell.action-run"], "runs", Right.RunPipeline, "refresh"),
            (texts["Shell.action-new-rule"], "rules/new", Right.EditRules, "tag"),
        ];
        return from action in actions
               where shop.May(action.Right) && action.Text.Contains(wanted.Trim(), StringComparison.CurrentCultureIgnoreCase)
               select new PaletteItem("actions", action.Icon, action.Text, shop.Link(action.Path));
    }
}
