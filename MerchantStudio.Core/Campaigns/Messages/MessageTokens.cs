using System.Collections.Immutable;

namespace MerchantStudio.Core.Campaigns.Messages;

/// <summary>What a message may say of a shopper, an offer and the shop.</summary>
public static class MessageTokens
{
    public const string FirstName = "shopper.first_name";
    public const string ShopName = "shop.name";
    public const string Unsubscribe = "unsubscribe";
    public const string Code = "code";
    public const string Offer = "offer";
    public const string ValidUntil = "valid_until";

    /// <summary>All of them, in the order in which they are offered.</summary>
    public static ImmutableArray<string> All { get; } = [FirstName, Code, Offer, ValidUntil, ShopName, Unsubscribe];

    /// <summary>The way out stands in a body only: a subject or an address with it would be none.</summary>
    internal static ImmutableArray<string> For(MessagePlace place) => place == MessagePlace.Body ? All : All.Remove(Unsubscribe);
}

/// <summary>Part of a message, each with rules of its own.</summary>
public enum MessagePlace
{
    Subject,
    Body,
    Button,
    Link,
}
