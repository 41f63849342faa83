using System.Collections.Immutable;

namespace MerchantStudio.Core.Reviews;

/// <summary>What the sentiment stage learnt and how good it is; kept with the run and shown on the reviews page.</summary>
/// <param name="Reviews">Reviews with text.</param>
/// <param name="WithoutText">Reviews that have only stars; they count in stars, not in words.</param>
/// <param name="Labelled">Reviews with text and stars or a label: what there is to learn from.</param>
/// <param name="LabelledBy">"stars" or "labels".</param>
/// <param name="Split">"time" when nearly all reviews have dates (the newest fifth tests), else "hash" (equal texts stay on one side).</param>
/// <param name="TestFrom">First instant of the test side; null for a hash split.</param>
/// <param name="Metrics">On the test side, which nothing was chosen on.</param>
/// <param name="Majority">Always answering the commonest class, on the same reviews.</param>
/// <param name="Model">The model that scored all reviews.</param>
public sealed record SentimentReport(
    long Reviews,
    long WithoutText,
    int Labelled,
    string LabelledBy,
    SentimentBounds Bounds,
    string Split,
    DateTimeOffset? TestFrom,
    int TrainingReviews,
    int TestReviews,
    SentimentMetrics Metrics,
    SentimentMetrics Majority,
    ImmutableArray<LanguageFigures> Languages,
    SentimentModelFacts Model);

/// <param name="Language">"zh", "en" or "other".</param>
/// <param name="MacroF1">On this language's test reviews; null below 30 of them.</param>
public sealed record LanguageFigures(string Language, long Reviews, double? MacroF1);

/// <param name="FileHash">SHA-256 of the model's file in the model store.</param>
/// <param name="Settings">What was chosen on the validation side, in words.</param>
public sealed record SentimentModelFacts(string Family, string FileHash, string DataHash, int Seed, int Terms, string Settings, double TrainingSeconds)
{
    public const string Task = "sentiment";
}
