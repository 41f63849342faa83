using System.Collections.Immutable;
using System.Runtime.InteropServices;

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
        var reached = new Dictionary<int, Reached>();
        foreach (var one in cases.Where(one => one.ItemsMinor > 0))
        {
            CollectionsMarshal.GetValueRefOrAddDefault(reached, one.Shopper, out var _).Add(one.DiscountMinor / (double)one.ItemsMinor);
        }

        var members = shoppers.Select(shopper => new Member(shopper.OrdersBefore, groups.GetValueOrDefault(shopper.Shopper), reached.GetValueOrDefault(shopper.Shopper))).ToArray();
        decimal[] paid = [.. members.Select(member => member.Groups?.AverageOrder).OfType<decimal>()];
        Array.Sort(paid);
        var middle = paid.Length == 0 ? 0 : paid[paid.Length / 2];
        return
        [
            .. Dimension(Loyalty, members, member => member.OrdersBefore == 0 ? "new" : member.OrdersBefore < LoyalFrom ? "regular" : "loyal"),
            .. Dimension(Region, members, member => member.Groups?.Region),
            .. Dimension(Device, members, member => member.Groups?.Device),
            .. Dimension(Gender, members, member => member.Groups?.Gender),
            .. Dimension(PricePaid, members, member => member.Groups?.AverageOrder is { } average ? average < middle ? "lower" : "higher" : null),
        ];
    }

    private static IEnumerable<GroupReach> Dimension(string name, Member[] members, Func<Member, string?> groupOf)
    {
        var sums = new Dictionary<string, GroupSums>();
        foreach (var member in members)
        {
            if (groupOf(member) is { } group) CollectionsMarshal.GetValueRefOrAddDefault(sums, group, out var _).Add(member.Reached);
        }

        return sums.Select(group => group.Value.ToReach(name, group.Key)).OrderByDescending(group => group.Shoppers).ThenBy(group => group.Group, StringComparer.Ordinal).Take(GroupLimit);
    }

    private readonly record struct Member(long OrdersBefore, ShopperGroups? Groups, Reached Reached);

    /// <summary>What one shopper got off: how often, the shares of what she bought and their squares.</summary>
    private struct Reached
    {
        public long Uses;
        public double Sum;
        public double Squares;

        public void Add(double share)
        {
            Uses++;
            Sum += share;
            Squares += share * share;
        }
    }

    private struct GroupSums
    {
        private long _shoppers;
        private long _reached;
        private Reached _got;

        public void Add(in Reached own)
        {
            _shoppers++;
            if (own.Uses == 0) return;
            _reached++;
            _got.Uses += own.Uses;
            _got.Sum += own.Sum;
            _got.Squares += own.Squares;
        }

        public readonly GroupReach ToReach(string dimension, string group)
        {
            var mean = _got.Uses == 0 ? 0 : _got.Sum / _got.Uses;
            return new GroupReach(dimension, group, _shoppers, _reached, _got.Uses, mean, _got.Uses < 2 ? 0 : Math.Sqrt(Math.Max(0, (_got.Squares / _got.Uses) - (mean * mean)) / _got.Uses));
        }
    }
}
