using System.Collections.Immutable;

namespace MerchantStudio.Core.Promotions.Replay;

/// <summary>Counts for each group of shoppers who was judged, who was reached and how much they got off.</summary>
internal static class GroupReaches
{
    public const string Loyalty = "loyalty";
    public const string Region = "region";
    public const string Device = "device";
    public const string Gender = "gender";
    public const string PricePaid = "price_paid";
    private const int GroupLimit = 20;
    private const int LoyalFrom = 3;

    /// <param name="cases">Those that the limits let through.</param>
    public static ImmutableArray<GroupReach> Of(IReadOnlyList<JudgedShopper> shoppers, IEnumerable<ReplayCase> cases, IReadOnlyDictionary<int, ShopperGroups> groups)
    {
        var reached = new Dictionary<int, (long Uses, double Sum, double Squares)>();
        foreach (var one in cases.Where(one => one.ItemsMinor > 0))
        {
            var (uses, sum, squares) = reached.GetValueOrDefault(one.Shopper);
            var share = one.DiscountMinor / (double)one.ItemsMinor;
            reached[one.Shopper] = (uses + 1, sum + share, squares + (share * share));
        }

        decimal[] paid = [.. shoppers.Select(shopper => groups.GetValueOrDefault(shopper.Shopper)?.AverageOrder).OfType<decimal>().Order()];
        var middle = paid.Length == 0 ? 0 : paid[paid.Length / 2];
        return
        [
            .. Dimension(Loyalty, shopper => shopper.OrdersBefore == 0 ? "new" : shopper.OrdersBefore < LoyalFrom ? "regular" : "loyal"),
            .. Dimension(Region, shopper => groups.GetValueOrDefault(shopper.Shopper)?.Region),
            .. Dimension(Device, shopper => groups.GetValueOrDefault(shopper.Shopper)?.Device),
            .. Dimension(Gender, shopper => groups.GetValueOrDefault(shopper.Shopper)?.Gender),
            .. Dimension(PricePaid, shopper => groups.GetValueOrDefault(shopper.Shopper)?.AverageOrder is { } average ? average < middle ? "lower" : "higher" : null),
        ];

        IEnumerable<GroupReach> Dimension(string name, Func<JudgedShopper, string?> groupOf) => shoppers
            .Select(shopper => (shopper.Shopper, Group: groupOf(shopper))).Where(member => member.Group is not null).GroupBy(member => member.Group!)
            .Select(group =>
            {
                var (count, got, uses, sum, squares) = (0L, 0L, 0L, 0.0, 0.0);
                foreach (var (shopper, _) in group)
                {
                    count++;
                    if (!reached.TryGetValue(shopper, out var sums)) continue;
                    got++;
                    uses += sums.Uses;
                    sum += sums.Sum;
                    squares += sums.Squares;
                }

                var mean = uses == 0 ? 0 : sum / uses;
                return new GroupReach(name, group.Key, count, got, uses, mean, uses < 2 ? 0 : Math.Sqrt(Math.Max(0, (squares / uses) - (mean * mean)) / uses));
            })
            .OrderByDescending(group => group.Shoppers).ThenBy(group => group.Group, StringComparer.Ordinal).Take(GroupLimit);
    }
}
