using System.Collections.Immutable;
using MerchantStudio.Core.AppState;
using static MerchantStudio.Core.Ingestion.Recognition.ColumnRole;
using static MerchantStudio.Core.Ingestion.Recognition.Presets;

namespace MerchantStudio.Core.Ingestion.Recognition.Platforms;

/// <summary>Exports of Shopify, WooCommerce and Judge.me.</summary>
internal static class ShopPlatforms
{
    public static ImmutableArray<Preset> All { get; } =
    [
        // One row a line item; what belongs to the order stands on its first row only.
        new("shopify-orders", DatasetKind.Orders,
            [
                Also(OrderId, "Name|订单名称"), Also(Email, "Email|邮箱"), Also(Phone, "Phone|电话"), Mark(OrderState, "Financial Status|付款状态"), Also(Timestamp, "Created at|创建时间"),
                Also(PaidAt, "Paid at|付款时间"), Also(CancelledAt, "Cancelled at|取消时间"), Also(Currency, "Currency|货币"), Also(OrderTotal, "Subtotal|小计"),
                Also(ColumnRole.CouponCode, "Discount Code|折扣码"), Also(OrderDiscount, "Discount Amount|折扣金额"), Mark(Refunded, "Refunded Amount|退款金额"),
                Mark(Quantity, "Lineitem quantity|商品行数量"), Mark(ItemName, "Lineitem name|商品行名称"), Mark(Price, "Lineitem price|商品行价格"), Mark(ItemId, "Lineitem sku|商品行SKU"),
                Mark(Discount, "Lineitem discount|商品行折扣"), Also(Brand, "Vendor|厂商"), Also(Region, "Shipping Country|收货国家"), Also(Region, "Billing Country|账单国家"), Also(Channel, "Source|来源"),
                Mark(Ignore, "Fulfillment Status|发货状态"), Also(Ignore, "Fulfilled at|发货时间"), Also(Ignore, "Accepts Marketing|接受营销"), Also(Ignore, "Shipping|运费"), Also(Ignore, "Taxes|税费"),
                Also(Ignore, "Total|总计"), Also(Ignore, "Shipping Method|配送方式"), Mark(Ignore, "Lineitem compare at price"), Mark(Ignore, "Lineitem requires shipping"),
                Mark(Ignore, "Lineitem taxable"), Mark(Ignore, "Lineitem fulfillment status"), .. Address("Billing"), .. Address("Shipping"), Also(Ignore, "Notes|备注"),
                Mark(Ignore, "Note Attributes"), Also(Ignore, "Payment Method|付款方式"), Mark(Ignore, "Payment Reference"), Mark(Ignore, "Outstanding Balance"), Also(Ignore, "Employee"),
                Also(Ignore, "Location"), Also(Ignore, "Device ID"), Also(Ignore, "Id"), Also(Ignore, "Tags|标签"), Mark(Ignore, "Risk Level"), .. Taxes(), Mark(Ignore, "Receipt Number"),
                Also(Ignore, "Duties"), Mark(Ignore, "Billing Province Name"), Mark(Ignore, "Shipping Province Name"), Mark(Ignore, "Payment ID"), Also(Ignore, "收货城市"),
            ],
            [OrderId, Price])
        {
            LeastMarks = 3,
            FillDown = true,
            ShopperByContact = true,
        },
        new("shopify-customers", DatasetKind.Customers,
            [
                Also(CustomerName, "First Name|名字"), Also(LastName, "Last Name|姓氏"), Also(Email, "Email|邮箱"), Mark(EmailConsent, "Accepts Email Marketing|Accepts Marketing|接受邮件营销"),
                Also(City, "City|Default Address City|城市"), Also(Country, "Country Code|Default Address Country Code"), Also(Country, "Country|Default Address Country|国家"), Also(Phone, "Phone|Default Address Phone|电话"),
                Also(UserId, "Customer ID"), Mark(Ignore, "Accepts SMS Marketing|接受短信营销"), Mark(Ignore, "Total Spent|总消费金额"), Mark(Ignore, "Total Orders|总订单数"),
                Mark(Ignore, "Tax Exempt|免税"), Also(Ignore, "Company|Default Address Company|公司"), Also(Ignore, "Address1|Default Address Address1"), Also(Ignore, "Address2|Default Address Address2"),
                Also(Ignore, "Province|Default Address Province|省份"), Also(Ignore, "Province Code|Default Address Province Code"), Also(Ignore, "Zip|Default Address Zip|邮编"),
                Also(Ignore, "Tags|标签"), Also(Ignore, "Note|备注"),
            ],
            [Email])
        {
            ShopperByContact = true,
        },
        new("shopify-products", DatasetKind.Products,
            [
                Mark(ItemGroup, "Handle|商品句柄"), Also(ItemName, "Title|标题"), Mark(ItemId, "Variant SKU|多属性SKU"), Mark(Price, "Variant Price|多属性价格"), Also(Brand, "Vendor|厂商"),
                Also(Category, "Type|类型"), Also(Category, "Product Category|产品类别"), Mark(Cost, "Cost per item|每件成本"), Mark(Description, "Body (HTML)|正文 (HTML)"),
                Also(Ignore, "Tags|标签"), Also(Ignore, "Published|已发布"), Also(Ignore, "Option1 Name|选项1名称"),
                Also(Ignore, "Option1 Value|选项1值"), Also(Ignore, "Option2 Name"), Also(Ignore, "Option2 Value"), Also(Ignore, "Option3 Name"), Also(Ignore, "Option3 Value"),
                Mark(Ignore, "Variant Inventory Qty|多属性库存"), Mark(Ignore, "Variant Compare At Price|多属性原价"), Also(Ignore, "Image Src|图片地址"), Also(Ignore, "Image Position"),
                Also(Ignore, "Image Alt Text"), Mark(Ignore, "Variant Image"), Also(Ignore, "Status|状态"), Mark(Ignore, "Variant Grams"), Mark(Ignore, "Variant Barcode"),
                Mark(Ignore, "Variant Inventory Tracker"), Mark(Ignore, "Variant Inventory Policy"), Mark(Ignore, "Variant Fulfillment Service"), Mark(Ignore, "Variant Requires Shipping"),
                Mark(Ignore, "Variant Taxable"), Mark(Ignore, "Variant Weight Unit"), Also(Ignore, "Gift Card"), Also(Ignore, "SEO Title"), Also(Ignore, "SEO Description"),
            ],
            [ItemGroup, ItemName, Price])
        {
            FillDown = true,
        },
        new("woocommerce-products", DatasetKind.Products,
            [
                Also(ItemId, "SKU"), Also(ItemGroup, "ID"), Also(ItemName, "Name|名称"), Mark(Price, "Regular price|常规售价"), Also(Category, "Categories|分类"),
                Also(Description, "Description|描述"), Also(Description, "Short description|简短描述"), Also(Ignore, "Type|类型"), Also(Ignore, "Published|已发布"), Mark(Ignore, "Is featured?|是推荐产品?"),
                Mark(Ignore, "Visibility in catalog|在列表页可见"), Mark(Ignore, "Date sale price starts"), Mark(Ignore, "Date sale price ends"),
                Also(Ignore, "Tax status|税状态"), Also(Ignore, "Tax class"), Mark(Ignore, "In stock?|有货?"), Also(Ignore, "Stock|库存"), Also(Ignore, "Low stock amount"),
                Mark(Ignore, "Backorders allowed?|允许延期交货?"), Mark(Ignore, "Sold individually?|单独出售?"), Also(Ignore, "Weight (kg)"), Also(Ignore, "Length (cm)"), Also(Ignore, "Width (cm)"),
                Also(Ignore, "Height (cm)"), Mark(Ignore, "Allow customer reviews?|允许客户评论?"), Also(Ignore, "Purchase note"), Mark(Ignore, "Sale price|促销价格"), Also(Ignore, "Tags|标签"),
                Also(Ignore, "Shipping class"), Also(Ignore, "Images|图片"), Also(Ignore, "Download limit"), Also(Ignore, "Download expiry days"), Also(Ignore, "Parent"), Mark(Ignore, "Grouped products"),
                Mark(Ignore, "Upsells|追加销售"), Mark(Ignore, "Cross-sells|交叉销售"), Also(Ignore, "External URL"), Also(Ignore, "Button text"), Also(Ignore, "Position|位置"),
            ],
            [ItemName]),
        new("woocommerce-orders", DatasetKind.Orders,
            [
                Also(Timestamp, "Date|日期"), Mark(OrderId, "Order #|订单 #"), Also(OrderState, "Status|状态"), Also(CustomerName, "Customer|客户"), Mark(Quantity, "Items sold|已售商品数"),
                Mark(LineTotal, "Net Sales|N. Revenue|净销售额"), Also(ColumnRole.CouponCode, "Coupon(s)|优惠券"), Also(ItemName, "Product(s)|产品"), Mark(Ignore, "Customer type|客户类型"),
                Also(Channel, "Attribution"),
            ],
            [OrderId, Timestamp, LineTotal])
        {
            ShopperByContact = true,
        },
        new("judgeme-reviews", DatasetKind.Reviews,
            [
                Also(ReviewTitle, "title|标题"), Also(ReviewText, "body|正文"), Also(Rating, "rating|评分"), Also(Timestamp, "review_date|评论日期"), Mark(ItemId, "product_handle|产品句柄"), Mark(ItemId, "product_id|产品ID"),
                Mark(Ignore, "reviewer_name|评论者姓名"), Mark(Email, "reviewer_email|评论者邮箱"), Mark(Ignore, "reply|回复"), Mark(Ignore, "reply_date|回复日期"),
                Mark(Ignore, "picture_urls|图片网址"), Mark(Ignore, "curated|精选"), Also(Ignore, "source|来源"), Also(Ignore, "ip_address|IP地址"), Also(Ignore, "location|地点"), Mark(Ignore, "metaobject_handle"),
            ],
            [ReviewText, Rating])
        {
            ShopperByContact = true,
        },
    ];

    private static IEnumerable<PresetColumn> Address(string whose) =>
        from part in (string[])["Name", "Street", "Address1", "Address2", "Company", "City", "Zip", "Province", "Phone"]
        select Mark(Ignore, $"{whose} {part}");

    private static IEnumerable<PresetColumn> Taxes() =>
        from number in Enumerable.Range(1, 5)
        from part in (string[])["Name", "Value"]
        select Mark(Ignore, $"Tax {number} {part}");
}
