namespace MerchantStudio.Core.Reviews;

/// <summary>What a review says of the product. The order is that of the model's classes.</summary>
public enum Sentiment
{
    Negative,
    Neutral,
    Positive,
}

internal static class SentimentNames
{
    public static string Key(this Sentiment sentiment) => sentiment switch
    {
        Sentiment.Negative => "negative",
        Sentiment.Neutral => "neutral",
        _ => "positive",
    };
}
