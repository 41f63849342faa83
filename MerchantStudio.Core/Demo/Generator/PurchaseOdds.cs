namespace MerchantStudio.Core.Demo.Generator;

/// <summary>The chances that move one shopper's mind on one day.</summary>
internal readonly record struct DailyChances(double Need, double Visit, double Decide, double Drop, double Buy, double Waver, double Impulse)
{
    public static DailyChances Of(Shopper shopper, Mind mind, int day)
    {
        var kind = shopper.Kind;
        var promo = DemoCalendar.PromoOn(day) is null ? 1.0 : kind.PromoPull;
        var season = kind.Seasonal ? DemoCalendar.GiftFactor(day) : DemoCalendar.SeasonFactor(day);
        var presence = day < shopper.JoinDay ? 0.0 : day >= shopper.FadeDay ? 0.04 : 1.0;
        var need = kind.Need * shopper.Keenness * season * promo * presence;
        var visit = kind.Visit[(int)mind] * DemoCalendar.WeekdayFactor(day) * (mind == Mind.Idle ? shopper.Keenness * presence : 1.0);
        return new(Math.Min(need, 0.5), Math.Min(visit, 0.9), kind.Decide, kind.Drop, Math.Min(kind.Buy * (1 + (promo - 1) / 3), 0.7), kind.Waver,
            Math.Min(kind.Impulse * shopper.Keenness * season * promo * presence, 0.2));
    }
}

/// <summary>The exact chance of an order in the coming days for somebody who can read the shopper's mind: no model that sees only behaviour can know more.</summary>
internal static class PurchaseOdds
{
    /// <param name="mind">At the end of day <paramref name="firstDay"/> - 1.</param>
    /// <returns>0 to 1, rounded to six places.</returns>
    public static double Within(Shopper shopper, Mind mind, int firstDay, int days)
    {
        double idle = mind == Mind.Idle ? 1 : 0, exploring = mind == Mind.Exploring ? 1 : 0, deciding = mind == Mind.Deciding ? 1 : 0, bought = 0;
        for (var day = firstDay; day < firstDay + days; day++)
        {
            var chances = DailyChances.Of(shopper, Mind.Idle, day);
            var impulses = (Idle: idle * chances.Impulse, Exploring: exploring * chances.Impulse);
            var buys = deciding * chances.Buy;
            var wavers = (deciding - buys) * chances.Waver;
            var decides = (exploring - impulses.Exploring) * chances.Decide;
            var drops = (exploring - impulses.Exploring - decides) * chances.Drop;
            var needs = (idle - impulses.Idle) * chances.Need;
            bought += buys + impulses.Idle + impulses.Exploring;
            deciding += decides - buys - wavers;
            exploring += needs - impulses.Exploring - decides - drops;
            idle += wavers + drops - impulses.Idle - needs;
        }
        return Math.Round(bought, 6);
    }
}
