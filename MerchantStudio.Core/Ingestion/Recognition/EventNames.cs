using System.Collections.Frozen;
using System.Collections.Immutable;

namespace MerchantStudio.Core.Ingestion.Recognition;

/// <summary>The event vocabulary and the names that other systems use for the same events.</summary>
public static class EventNames
{
    private static readonly (string Name, string Aliases)[] Vocabulary =
    [
        ("view", "pv,page_view,pageview,$pageview,view_item,product_viewed,viewed_product,click,detail,browse,浏览,点击"),
        ("view_list", "view_item_list,select_item,product_list_viewed,product_list_filtered,product_clicked"),
        ("search", "view_search_results,products_searched,searched_site,搜索"),
        ("add_to_cart", "cart,addtocart,product_added,added_to_cart,加购,加入购物车"),
        ("remove_from_cart", "product_removed,移出购物车"),
        ("favorite", "fav,favourite,add_to_wishlist,product_added_to_wishlist,wishlist,like,收藏"),
        ("view_cart", "cart_viewed"),
        ("checkout", "begin_checkout,add_shipping_info,add_payment_info,checkout_started,checkout_step_viewed,checkout_step_completed,payment_info_entered,started_checkout,结算"),
        ("purchase", "buy,transaction,order,order_completed,order_updated,placed_order,ordered_product,购买,下单"),
        ("refund", "order_refunded,order_cancelled,refunded_order,cancelled_order,return,退款,退货"),
        ("coupon", "view_promotion,select_promotion,coupon_entered,coupon_applied,coupon_denied,coupon_removed,promotion_viewed,promotion_clicked,领券"),
        ("review", "product_reviewed,评价,评论"),
        ("share", "product_shared,cart_shared,分享"),
    ];

    // An alias may differ from the name itself in its hyphens only.
    private static readonly FrozenDictionary<string, string> Canonical = Vocabulary
        .SelectMany(entry => entry.Aliases.Split(',').Append(entry.Name).Select(alias => (Alias: Roles.Normalise(alias), entry.Name)))
        .Distinct()
        .ToFrozenDictionary(entry => entry.Alias, entry => entry.Name);

    private static readonly FrozenDictionary<string, OrderPart> Parts = new Dictionary<string, OrderPart>
    {
        [Roles.Normalise("order_updated")] = OrderPart.Changed,
        [Roles.Normalise("placed_order")] = OrderPart.Whole,
        [Roles.Normalise("ordered_product")] = OrderPart.Line,
    }.ToFrozenDictionary();

    /// <summary>What an event says of its order; most names of a purchase say all there is.</summary>
    public static OrderPart PartOf(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Parts.GetValueOrDefault(Roles.Normalise(name));
    }

    /// <summary>Our own names, in the order of a shopper's way.</summary>
    public static ImmutableArray<string> All { get; } = [.. Vocabulary.Select(entry => entry.Name)];

    /// <returns>Our name for an event, or null for one that is not known.</returns>
    public static string? Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Canonical.GetValueOrDefault(Roles.Normalise(name));
    }
}
