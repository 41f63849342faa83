using System.Collections.Immutable;
using MerchantStudio.Core.AppState;
using static MerchantStudio.Core.Ingestion.Recognition.ColumnRole;
using static MerchantStudio.Core.Ingestion.Recognition.Presets;

namespace MerchantStudio.Core.Ingestion.Recognition.Platforms;

/// <summary>Exports of Taobao, Tmall and Douyin.</summary>
internal static class ChinesePlatforms
{
    public static ImmutableArray<Preset> All { get; } =
    [
        // One row an order. The goods' amount is without postage, the amount paid includes it.
        new("taobao-orders", DatasetKind.Orders,
            [
                Also(OrderId, "订单编号|Order number"), Mark(UserId, "买家会员名|Buyer nickname"), Mark(LineTotal, "买家应付货款|Goods payable by buyer"), Mark(LineTotal, "买家实际支付金额|Amount paid by buyer"),
                Also(LineTotal, "总金额|Total amount"), Also(OrderState, "订单状态|Order status"), Mark(Timestamp, "订单创建时间|Order created time"), Mark(PaidAt, "订单付款时间|Order paid time"),
                Also(ItemName, "宝贝标题|Item title"), Mark(Quantity, "宝贝总数量|Total item quantity"), Mark(Ignore, "买家支付宝账号"),
                Mark(Ignore, "买家应付邮费|Postage payable by buyer"), Mark(Ignore, "买家支付积分"), Also(Ignore, "返点积分"), Mark(Ignore, "买家实际支付积分"), Also(Ignore, "买家留言|Buyer message"),
                Also(Ignore, "收货人姓名|Recipient name"), Also(Ignore, "收货地址|Delivery address"), Also(Ignore, "运送方式"), Also(Ignore, "联系电话"), Also(Phone, "联系手机|Mobile"), Mark(Ignore, "宝贝种类"),
                Also(Ignore, "物流单号|Tracking number"), Also(Ignore, "物流公司|Courier"), Also(Ignore, "订单备注"), Also(Ignore, "店铺Id"), Also(Ignore, "店铺名称|Shop name"),
                Mark(Ignore, "订单关闭原因|Order close reason"), Mark(Ignore, "卖家服务费"), Mark(Ignore, "买家服务费"), Also(Ignore, "发票抬头"), Mark(Ignore, "是否手机订单"), Mark(Ignore, "分阶段订单信息"),
                Also(Ignore, "定金排名"), Mark(Ignore, "修改后的sku"), Mark(Ignore, "修改后的收货地址"), Also(Ignore, "异常信息"), Also(Ignore, "卡券抵扣"), Also(Ignore, "积分抵扣"), Mark(Ignore, "是否是O2O交易"),
            ],
            [OrderId, LineTotal])
        {
            LeastMarks = 3,
        },
        // The lines of those orders: who bought and when stands in the orders' file.
        new("taobao-lines", DatasetKind.Orders,
            [
                Also(OrderId, "订单编号|Order number"), Mark(ItemName, "标题|Title"), Mark(Price, "价格|Price"), Mark(Quantity, "购买数量|Purchased quantity"), Mark(ItemId, "商家编码|Merchant code"),
                Mark(ItemId, "外部系统编号|External system number"), Mark(Ignore, "商品属性|Item attributes"), Mark(Ignore, "套餐信息|Bundle information"),
                Also(Ignore, "备注|Remark"), Also(OrderState, "订单状态|Order status"),
            ],
            [OrderId, ItemName, Price, Quantity])
        {
            LeastMarks = 3,
            LinesOfKnownOrders = true,
        },
        new("douyin-orders", DatasetKind.Orders,
            [
                Mark(OrderId, "主订单编号|Main order number"), Mark(Ignore, "子订单编号|Sub-order number"), Mark(ItemName, "选购商品|Purchased product"), Also(Ignore, "商品规格|Product specification"),
                Also(Quantity, "商品数量|Product quantity"), Also(ItemId, "商家编码|Merchant code"), Also(ItemId, "商品ID|Product ID"), Also(Price, "商品单价|商品金额|Unit price"),
                Mark(LineTotal, "订单应付金额|Order payable amount"), Also(Ignore, "运费|Shipping fee"), Mark(Ignore, "优惠总金额|Total discount"), Mark(Ignore, "平台优惠"), Mark(Ignore, "商家优惠"), Mark(Ignore, "达人优惠"),
                Mark(Ignore, "支付优惠"), Also(Ignore, "收件人|Recipient"), Also(Phone, "收件人手机号|Recipient mobile"), Also(Region, "省"), Also(Ignore, "市"), Also(Ignore, "区"), Also(Ignore, "街道"),
                Also(Ignore, "详细地址"), Also(Ignore, "买家留言"), Mark(Timestamp, "订单提交时间|Order submitted time"), Mark(PaidAt, "支付完成时间|Payment completed time"), Mark(Ignore, "订单完成时间"),
                Also(Ignore, "商家备注"), Mark(Ignore, "APP渠道"), Also(Channel, "流量来源|Traffic source"), Also(OrderState, "订单状态|Order status"), Also(Ignore, "订单类型"), Mark(Ignore, "达人ID"),
                Mark(Ignore, "达人昵称|Creator nickname"), Mark(Ignore, "小店名称|Shop name"), Mark(RefundState, "售后状态|After-sales status"), Also(Ignore, "取消原因|Cancel reason"),
            ],
            [OrderId, LineTotal, Timestamp])
        {
            LeastMarks = 3,
        },
    ];
}
