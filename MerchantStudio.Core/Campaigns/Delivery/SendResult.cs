using MerchantStudio.Core.AppState;

namespace MerchantStudio.Core.Campaigns.Delivery;

/// <summary>How one try ended.</summary>
/// <param name="Status">What HTTP or SMTP answered, if anything.</param>
/// <param name="Fault">A key of our own words; null when it was sent. The other side's words may hold personal data and are not kept.</param>
/// <param name="Final">Why it will never be sent; <see cref="DeliveryReason.None"/> while another try may help.</param>
internal sealed record SendResult(int? Status, string? Fault, DeliveryReason Final = DeliveryReason.None)
{
    public static SendResult Sent(int? status) => new(status, null);

    public bool IsSent => Fault is null;
}

/// <summary>Keys of what can go wrong on the way.</summary>
internal static class SendFault
{
    public const string NoAnswer = "no-answer";
    public const string TooSlow = "too-slow";
    public const string NameUnknown = "name-unknown";
    public const string Certificate = "certificate";
    public const string Redirect = "redirect";
    public const string Answered = "answered";
    public const string Gone = "gone";
    public const string Forbidden = "forbidden";
    public const string SignIn = "sign-in";
    public const string Recipient = "recipient";
    public const string NotSetUp = "not-set-up";
    public const string Unreadable = "unreadable";
    public const string Program = "program";
}
