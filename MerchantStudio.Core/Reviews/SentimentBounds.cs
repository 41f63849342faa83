namespace MerchantStudio.Core.Reviews;

/// <summary>How stars are read: up to <paramref name="NegativeUpTo"/> negative, from <paramref name="PositiveFrom"/> positive, between them neutral.</summary>
public sealed record SentimentBounds(double NegativeUpTo = 2, double PositiveFrom = 4)
{
    public static SentimentBounds Default { get; } = new();

    /// <summary>Whether both bounds lie within 1 to 5 stars and leave something on each side.</summary>
    public bool IsSound => NegativeUpTo >= 1 && PositiveFrom <= 5 && NegativeUpTo < PositiveFrom;

    internal Sentiment Read(double stars) => stars <= NegativeUpTo ? Sentiment.Negative : stars >= PositiveFrom ? Sentiment.Positive : Sentiment.Neutral;
}
