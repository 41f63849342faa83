using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using MerchantStudio.Core.AppState;

namespace MerchantStudio.Core.Ingestion.Recognition;

/// <summary>Which roles each kind of file has, which it cannot do without, and the header names that mean them.</summary>
public static class Roles
{
    private static readonly ImmutableArray<ColumnRole> Events =
    [
        ColumnRole.UserId, ColumnRole.EventType, ColumnRole.ItemId, ColumnRole.Timestamp, ColumnRole.Price, ColumnRole.Quantity, ColumnRole.Discount,
        ColumnRole.Currency, ColumnRole.OrderId, ColumnRole.LineNo, ColumnRole.OrderState, ColumnRole.CouponCode, ColumnRole.Category, ColumnRole.Brand,
        ColumnRole.ItemName, ColumnRole.SessionId, ColumnRole.AnonymousId, ColumnRole.SearchQuery, ColumnRole.Device, ColumnRole.Region, ColumnRole.Channel,
        ColumnRole.MessageId, ColumnRole.Rating, ColumnRole.ReviewTitle, ColumnRole.ReviewText,
    ];

    private static readonly ImmutableArray<ColumnRole> Reviews =
    [
        ColumnRole.ReviewText, ColumnRole.Rating, ColumnRole.Label, ColumnRole.ReviewTitle, ColumnRole.Timestamp, ColumnRole.ItemId, ColumnRole.UserId,
        ColumnRole.Category, ColumnRole.ReviewId, ColumnRole.Email,
    ];

    private static readonly ImmutableArray<ColumnRole> Products =
        [ColumnRole.ItemId, ColumnRole.ItemName, ColumnRole.Category, ColumnRole.Brand, ColumnRole.Price, ColumnRole.Cost, ColumnRole.Description, ColumnRole.ItemGroup];

    private static readonly ImmutableArray<ColumnRole> Customers =
    [
        ColumnRole.UserId, ColumnRole.CustomerName, ColumnRole.Email, ColumnRole.Phone, ColumnRole.Country, ColumnRole.City, ColumnRole.Gender,
        ColumnRole.BirthYear, ColumnRole.JoinedAt, ColumnRole.EmailConsent, ColumnRole.LastName,
    ];

    private static readonly ImmutableArray<ColumnRole> Orders =
    [
        ColumnRole.OrderId, ColumnRole.UserId, ColumnRole.Timestamp, ColumnRole.OrderState, ColumnRole.ItemId, ColumnRole.ItemName, ColumnRole.Price,
        ColumnRole.Quantity, ColumnRole.LineTotal, ColumnRole.OrderTotal, ColumnRole.Discount, ColumnRole.OrderDiscount, ColumnRole.Refunded, ColumnRole.RefundState,
        ColumnRole.CouponCode, ColumnRole.Currency, ColumnRole.PaidAt, ColumnRole.CancelledAt, ColumnRole.LineNo, ColumnRole.Category, ColumnRole.Brand,
        ColumnRole.Email, ColumnRole.Phone, ColumnRole.CustomerName, ColumnRole.Region, ColumnRole.Channel, ColumnRole.Device,
    ];

    private static readonly ImmutableArray<ColumnRole> Feedback =
        [ColumnRole.FeedbackType, ColumnRole.UserId, ColumnRole.ItemId, ColumnRole.Timestamp, ColumnRole.FeedbackValue, ColumnRole.Comment];

    private static readonly ImmutableArray<ColumnRole> AdSpend =
        [ColumnRole.Timestamp, ColumnRole.Spend, ColumnRole.Channel, ColumnRole.Campaign, ColumnRole.Currency, ColumnRole.Impressions, ColumnRole.Clicks];

    private static readonly ImmutableArray<ColumnRole> Features = [ColumnRole.Feature, ColumnRole.Label, ColumnRole.UserId];

    /// <summary>Cells that some exports write on an order's or product's first row only.</summary>
    internal static readonly ImmutableArray<ColumnRole> FilledDown =
    [
        ColumnRole.UserId, ColumnRole.Email, ColumnRole.Phone, ColumnRole.CustomerName, ColumnRole.Timestamp, ColumnRole.OrderState, ColumnRole.PaidAt, ColumnRole.CancelledAt,
        ColumnRole.Currency, ColumnRole.Region, ColumnRole.Channel, ColumnRole.Device, ColumnRole.ItemGroup, ColumnRole.ItemName, ColumnRole.Category, ColumnRole.Brand, ColumnRole.Description,
    ];

    private static readonly (ColumnRole Role, string Names)[] Names =
    [
        (ColumnRole.UserId, "user_id,customer_id,customerid,visitor_id,visitorid,shopper_id,client_id,distinct_id,member_id,buyer_id,household_id,用户id,用户编号,会员id,买家会员名,买家昵称,客户id,顾客编号"),
        (ColumnRole.AnonymousId, "anonymous_id,device_id,cookie_id,user_pseudo_id"),
        (ColumnRole.SessionId, "session_id,user_session,session,会话id"),
        (ColumnRole.Timestamp, "timestamp,ts,event_time,time,datetime,date,created_at,event_timestamp,transaction_timestamp,invoice_date,order_date,review_date,purchase_date,occurred_at,时间,日期,时间戳,下单时间,订单创建时间,评论时间,评价时间"),
        (ColumnRole.EventType, "event_type,event,event_name,behavior_type,behaviour_type,behavior,behaviour,action,action_type,行为,行为类型,事件,事件类型"),
        (ColumnRole.ItemId, "item_id,product_id,itemid,productid,sku,stock_code,stockcode,clothing_id,goods_id,asin,article_id,商品id,商品编号,宝贝id"),
        (ColumnRole.ItemName, "item_name,product_name,name,title,description,product_title,商品名称,宝贝标题,商品标题"),
        (ColumnRole.Category, "category,category_id,category_code,item_category,product_category,class_name,department_name,cat,cat_id,类目,类别,分类,品类,商品类目"),
        (ColumnRole.Brand, "brand,item_brand,manufacturer,品牌"),
        (ColumnRole.Price, "price,unit_price,unitprice,item_price,单价,价格"),
        (ColumnRole.Quantity, "quantity,qty,count,units,数量,购买数量,商品数量"),
        (ColumnRole.Discount, "discount,discount_amount,优惠金额,折扣"),
        (ColumnRole.Currency, "currency,currency_code,币种"),
        (ColumnRole.OrderId, "order_id,invoice,invoice_no,invoiceno,order_number,order_no,transaction_id,transactionid,basket_id,订单编号,订单号,order,order_name"),
        (ColumnRole.LineNo, "line_no,line_number,order_line,line"),
        (ColumnRole.OrderState, "order_state,order_status,status,financial_status,订单状态"),
        (ColumnRole.CouponCode, "coupon_code,coupon,discount_code,voucher,promo_code,优惠券,券码"),
        (ColumnRole.SearchQuery, "search_query,query,search_term,keyword,搜索词,关键词"),
        (ColumnRole.Device, "device,device_type,platform,设备"),
        (ColumnRole.Region, "region,country,province,state,city,地区,省份,国家"),
        (ColumnRole.Channel, "channel,source,utm_source,traffic_source,渠道,来源"),
        (ColumnRole.MessageId, "message_id,event_id,insert_id"),
        (ColumnRole.ReviewId, "review_id,comment_id,评论id"),
        (ColumnRole.ReviewTitle, "title,review_title,headline,summary,review_headline,review_comment_title,标题"),
        (ColumnRole.ReviewText, "review_text,review,text,body,comment,content,review_body,reviewtext,review_content,review_comment_message,评论,评论内容,评价,评价内容,内容"),
        (ColumnRole.Rating, "rating,stars,score,star_rating,overall,review_score,评分,星级,打分"),
        (ColumnRole.Label, "label,sentiment,polarity,标签,情感"),
        (ColumnRole.Cost, "cost,unit_cost,cost_per_item,成本"),
        (ColumnRole.Description, "description,details,body_html,商品描述,描述"),
        (ColumnRole.CustomerName, "name,customer_name,full_name,姓名,收货人姓名"),
        (ColumnRole.Email, "email,e_mail,email_address,mail,邮箱,电子邮件"),
        (ColumnRole.Phone, "phone,phone_number,mobile,telephone,手机,手机号,电话,联系手机"),
        (ColumnRole.Country, "country,country_code,国家"),
        (ColumnRole.City, "city,town,城市"),
        (ColumnRole.Gender, "gender,sex,性别"),
        (ColumnRole.BirthYear, "birth_year,year_of_birth,出生年份"),
        (ColumnRole.JoinedAt, "joined_at,created_at,registered_at,signup_time,customer_since,注册时间"),
        (ColumnRole.LastName, "last_name,surname,family_name,姓氏"),
        (ColumnRole.ItemGroup, "item_group,item_group_id,product_group,parent_sku,handle"),
        (ColumnRole.PaidAt, "paid_at,payment_time,paid_time,付款时间,支付时间,订单付款时间"),
        (ColumnRole.CancelledAt, "cancelled_at,canceled_at,取消时间"),
        (ColumnRole.LineTotal, "line_total,line_amount,row_total,sales_value,amount,小计金额,实付金额"),
        (ColumnRole.OrderTotal, "order_total,order_amount,subtotal,net_sales,订单金额"),
        (ColumnRole.OrderDiscount, "order_discount,total_discount,订单优惠"),
        (ColumnRole.Refunded, "refunded,refunded_amount,refund_amount,退款金额"),
        (ColumnRole.RefundState, "refund_state,refund_status,return_status,退款状态,售后状态"),
        (ColumnRole.FeedbackType, "feedback_type,feedback,feedbacktype,反馈,反馈类型"),
        (ColumnRole.FeedbackValue, "feedback_value,value,反馈值"),
        (ColumnRole.Comment, "comment,note,remark,备注,说明"),
        (ColumnRole.Campaign, "campaign,campaign_name,utm_campaign,广告计划,推广计划,计划名称"),
        (ColumnRole.Spend, "spend,ad_spend,cost,amount_spent,花费,消耗,广告花费"),
        (ColumnRole.Impressions, "impressions,impr,展现量,曝光量,展现"),
        (ColumnRole.Clicks, "clicks,link_clicks,点击量,点击数"),
        (ColumnRole.EmailConsent, "email_consent,accepts_marketing,accepts_email_marketing,newsletter,consent,接受营销"),
    ];

    private static readonly FrozenDictionary<ColumnRole, FrozenSet<string>> NamesOf =
        Names.ToFrozenDictionary(entry => entry.Role, entry => entry.Names.Split(',').Select(Normalise).ToFrozenSet());

    /// <summary>Roles to choose among, the important ones first.</summary>
    public static ImmutableArray<ColumnRole> For(DatasetKind kind) => kind switch
    {
        DatasetKind.Reviews => Reviews,
        DatasetKind.Products => Products,
        DatasetKind.Customers => Customers,
        DatasetKind.Orders => Orders,
        DatasetKind.Feedback => Feedback,
        DatasetKind.AdSpend => AdSpend,
        DatasetKind.Features => Features,
        _ => Events,
    };

    /// <summary>The name in mappings, files and problems: user_id.</summary>
    public static string Key(ColumnRole role) => JsonNamingPolicy.SnakeCaseLower.ConvertName(role.ToString());

    /// <summary>Role keys that are needed and not mapped; "a / b" where one of several is enough.</summary>
    public static ImmutableArray<string> Missing(ImportMapping mapping)
    {
        ArgumentNullException.ThrowIfNull(mapping);
        var has = mapping.MappedRoles.ToHashSet();
        return [.. Required(mapping).Where(group => !group.Any(has.Contains)).Select(group => string.Join(" / ", group.Select(Key)))];
    }

    /// <summary>1 when this is the role's own name, 0.95 for another name of it, 0 when the header says nothing of the kind.</summary>
    internal static double NameConfidence(ColumnRole role, string header)
    {
        var name = Normalise(header);
        if (name.Length == 0 || !NamesOf.TryGetValue(role, out var names)) return 0;
        return name == Normalise(Key(role)) ? 1 : names.Contains(name) ? 0.95 : 0;
    }

    /// <summary>Lower case without blanks, hyphens, underscores and points.</summary>
    internal static string Normalise(string name) =>
        string.Concat(name.Where(letter => !char.IsWhiteSpace(letter) && letter is not ('_' or '-' or '.' or '\uFEFF' or '"'))).ToLowerInvariant();

    private static ColumnRole[][] Required(ImportMapping mapping) => mapping.Kind switch
    {
        DatasetKind.Reviews => [[ColumnRole.ReviewText], [ColumnRole.Rating, ColumnRole.Label]],
        DatasetKind.Products => [[ColumnRole.ItemId, ColumnRole.ItemGroup]],
        DatasetKind.Customers => [[ColumnRole.UserId, ColumnRole.Email, ColumnRole.Phone]],
        DatasetKind.Orders when mapping.LinesOfKnownOrders => [[ColumnRole.OrderId], [ColumnRole.ItemId, ColumnRole.ItemName], [ColumnRole.Price, ColumnRole.LineTotal]],
        DatasetKind.Orders => [[ColumnRole.OrderId], [ColumnRole.Timestamp, ColumnRole.PaidAt], [ColumnRole.Price, ColumnRole.LineTotal, ColumnRole.OrderTotal]],
        DatasetKind.Feedback => [[ColumnRole.FeedbackType], [ColumnRole.UserId, ColumnRole.ItemId]],
        DatasetKind.AdSpend => [[ColumnRole.Timestamp], [ColumnRole.Spend]],
        DatasetKind.Features => [[ColumnRole.Feature], [ColumnRole.Label]],
        _ when mapping.EveryRowIs is not null => [[ColumnRole.UserId, ColumnRole.AnonymousId, ColumnRole.SessionId, ColumnRole.OrderId], [ColumnRole.Timestamp]],
        _ => [[ColumnRole.UserId, ColumnRole.AnonymousId, ColumnRole.SessionId], [ColumnRole.EventType], [ColumnRole.Timestamp]],
    };
}
