using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Shop;
using MerchantStudio.Localization;

namespace MerchantStudio.Components.Shell;

/// <summary>The shop that the page is about and what its frame holds: who looks, in which zone and currency, over which period. Cascaded by the shell.</summary>
public sealed record ShopView(Workspace Workspace, WorkspaceScope Scope, TimeZoneInfo Zone, ShopPeriod Period, DateTimeOffset Now)
{
    public string Currency => Workspace.Currency;

    /// <summary>Address of a page of this shop, keeping the period: <c>Link("segments")</c>; "" is the home page.</summary>
    public string Link(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var address = path.Length == 0 ? $"/w/{Workspace.Id}" : $"/w/{Workspace.Id}/{path}";
        if (Period.IsDefault) return address;
        return address + (address.Contains('?', StringComparison.Ordinal) ? "&" : "?") + "period=" + Period.Key;
    }

    /// <summary>An amount of the warehouse in the shop's currency.</summary>
    public Money Money(decimal amount) => Core.Shop.Money.Of(amount, Currency);

    public string Day(DateTimeOffset at) => Show.Day(at, Zone);

    public string Time(DateTimeOffset at) => Show.Time(at, Zone);

    public string Ago(DateTimeOffset at) => Show.Ago(at, Now);

    public bool May(Right right) => Scope.Refusal(right) is null;
}
