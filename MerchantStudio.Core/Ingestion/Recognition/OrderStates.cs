using System.Collections.Frozen;
using System.Collections.Immutable;

namespace MerchantStudio.Core.Ingestion.Recognition;

/// <summary>What became of an order, and the words that platforms use for it.</summary>
public static class OrderStates
{
    public const string Paid = "paid";
    public const string Pending = "pending";
    public const string Cancelled = "cancelled";
    public const string Refunded = "refunded";
    public const string PartiallyRefunded = "partially_refunded";

    private static readonly (string State, string Words)[] Vocabulary =
    [
        (Paid, "partially_paid,completed,complete,processing,shipped,in transit,fulfilled,delivered,success,captured,"
            + "交易成功,买家已付款等待卖家发货,卖家已发货等待买家确认,卖家部分发货,已付款,已支付,待发货,备货中,部分发货,已发货,待收货,已签收,已收货,已完成"),
        (Pending, "authorized,on-hold,pending payment,awaiting payment,unpaid,draft,checkout-draft,等待买家付款,待付款,待支付,未付款"),
        (Cancelled, "canceled,voided,expired,failed,trash,closed,交易关闭,已关闭,已取消,订单关闭,关闭"),
        (Refunded, "fully refunded,returned,refund succeeded,退款成功,已退款,全额退款,已全额退款,售后完成,已退货退款"),
        (PartiallyRefunded, "partial refund,部分退款,已部分退款"),
    ];

    private static readonly FrozenDictionary<string, string> Known = Vocabulary
        .SelectMany(entry => entry.Words.Split(',').Append(entry.State).Select(word => (Word: Normalise(word), entry.State)))
        .ToFrozenDictionary(entry => entry.Word, entry => entry.State);

    public static ImmutableArray<string> All { get; } = [.. Vocabulary.Select(entry => entry.State)];

    /// <returns>Null for a word that is not known.</returns>
    public static string? Find(string word)
    {
        ArgumentNullException.ThrowIfNull(word);
        return Known.GetValueOrDefault(Normalise(word));
    }

    /// <summary>Letters and digits alone: platforms punctuate the same state differently.</summary>
    private static string Normalise(string word) => string.Concat(word.Where(char.IsLetterOrDigit)).ToLowerInvariant();
}
