using System.Collections.Frozen;

namespace MerchantStudio.Core.Live.Reading;

/// <summary>Why an event is refused: stable codes, each with the English sentence that the sender gets.</summary>
public static class LiveReasons
{
    internal const string NotAnObject = "not_an_object";
    internal const string MissingEvent = "missing_event";
    internal const string UnknownEvent = "unknown_event";
    internal const string NotSupported = "not_supported";
    internal const string NoShopper = "no_shopper";
    internal const string MissingId = "missing_id";
    internal const string NotATime = "not_a_time";
    internal const string FutureTime = "future_time";
    internal const string NotANumber = "not_a_number";
    internal const string NotAWholeNumber = "not_a_whole_number";
    internal const string RatingOutOfRange = "rating_out_of_range";
    internal const string NotText = "not_text";
    internal const string TooLong = "too_long";
    internal const string TooManyItems = "too_many_items";
    internal const string TooManyFields = "too_many_fields";

    private static readonly FrozenDictionary<string, string> Sentences = new Dictionary<string, string>
    {
        [NotAnObject] = "An event is a JSON object.",
        [MissingEvent] = "The event has no name: give \"event\", like \"view\" or \"add_to_cart\".",
        [UnknownEvent] = "No event of this name is known. Use our names, Segment's or GA4's.",
        [NotSupported] = "Calls of this type carry no behaviour and are not kept.",
        [NoShopper] = "Nobody is named: give \"user_id\", \"anonymous_id\" or \"email\".",
        [MissingId] = "Joining a visitor to a customer needs both ids.",
        [NotATime] = "This is no time. Use ISO 8601 or Unix seconds, milliseconds or microseconds.",
        [FutureTime] = "The time lies more than a day ahead.",
        [NotANumber] = "This is no number.",
        [NotAWholeNumber] = "This is no whole number.",
        [RatingOutOfRange] = "A rating is 0 to 5 stars.",
        [NotText] = "This is neither text nor a number.",
        [TooLong] = "The text is too long.",
        [TooManyItems] = "An event may have 200 items.",
        [TooManyFields] = "An event may have 500 fields.",
    }.ToFrozenDictionary();

    /// <summary>All codes, for the page that explains them.</summary>
    public static IEnumerable<string> All => Sentences.Keys;

    /// <summary>The English sentence of a code.</summary>
    public static string Sentence(string reason) => Sentences[reason];
}
