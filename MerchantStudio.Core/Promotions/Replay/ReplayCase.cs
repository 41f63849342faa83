namespace MerchantStudio.Core.Promotions.Replay;

/// <summary>What the draft gave on one past order or abandoned basket, before any limit.</summary>
/// <param name="Shopper">The shopper's number in the warehouse.</param>
/// <param name="At">Microseconds since 1970.</param>
/// <param name="IsOrder">False for an abandoned basket.</param>
/// <param name="OrderNo">Empty for a basket.</param>
/// <param name="ItemsMinor">Goods before the discount.</param>
/// <param name="MarginMinor">Of the goods before the discount; null where a cost is unknown.</param>
/// <param name="ReducedMinor">What the margin floor took away from the discount.</param>
/// <param name="BelowFloor">After all discounts less remains than the floor asks for.</param>
/// <param name="OthersMinor">What live rules took off beside it.</param>
/// <param name="LossLines">Lines that were sold below what they cost after all discounts.</param>
/// <param name="Day">Of the store's calendar, counted from the year 1.</param>
/// <param name="Segments">One bit for each segment that the draft limits.</param>
internal readonly record struct ReplayCase(
    int Shopper, long At, bool IsOrder, string OrderNo, long ItemsMinor, long DiscountMinor, long GiftMinor, long? MarginMinor, long ReducedMinor, bool BelowFloor, long OthersMinor, int LossLines, int Day = 0, ulong Segments = 0)
{
    /// <summary>Whether its shopper was in a segment that the draft limits.</summary>
    public bool IsIn(int segment) => (Segments >> segment & 1) != 0;

    public long CostMinor => DiscountMinor + GiftMinor;

    public bool IsFree => ItemsMinor > 0 && ItemsMinor == DiscountMinor + OthersMinor;

    /// <summary>The order's margin after all discounts and gifts is below zero.</summary>
    public bool IsLoss => MarginMinor - DiscountMinor - OthersMinor - GiftMinor < 0;
}

/// <summary>How the draft and one live rule met.</summary>
internal sealed class RivalCount
{
    public long ThisFirst { get; set; }
    public long OtherFirst { get; set; }
    public long Both { get; set; }
    public HashSet<int> Shoppers { get; } = [];

    public void Add(RivalCount other)
    {
        ThisFirst += other.ThisFirst;
        OtherFirst += other.OtherFirst;
        Both += other.Both;
        Shoppers.UnionWith(other.Shoppers);
    }
}

/// <summary>Why carts got nothing from the draft, and what could not be judged.</summary>
internal sealed class ReplayCounts
{
    public long Orders { get; set; }
    public long Baskets { get; set; }
    public long UndecidedBaskets { get; set; }
    public long WithoutPrice { get; set; }
    public long Unfit { get; set; }
    public long OtherDiscounts { get; set; }
    public long ConditionNotMet { get; set; }
    public long NothingToGive { get; set; }
    public long MarginFloor { get; set; }
    public long LostToOther { get; set; }

    /// <summary>Shoppers who met the condition when the period began and neither ordered nor left a basket in it.</summary>
    public long Silent { get; set; }

    /// <summary>Baskets of the past with a code at hand and without, and how many of each came back.</summary>
    public long WithCode { get; set; }
    public long WithCodeBack { get; set; }
    public long WithoutCode { get; set; }
    public long WithoutCodeBack { get; set; }

    public void Add(ReplayCounts other)
    {
        Orders += other.Orders;
        Baskets += other.Baskets;
        UndecidedBaskets += other.UndecidedBaskets;
        WithoutPrice += other.WithoutPrice;
        Unfit += other.Unfit;
        OtherDiscounts += other.OtherDiscounts;
        ConditionNotMet += other.ConditionNotMet;
        NothingToGive += other.NothingToGive;
        MarginFloor += other.MarginFloor;
        LostToOther += other.LostToOther;
        Silent += other.Silent;
        WithCode += other.WithCode;
        WithCodeBack += other.WithCodeBack;
        WithoutCode += other.WithoutCode;
        WithoutCodeBack += other.WithoutCodeBack;
    }
}

/// <summary>A shopper who was judged at least once.</summary>
/// <param name="OrdersBefore">When first judged in the period.</param>
internal readonly record struct JudgedShopper(int Shopper, int OrdersBefore);
