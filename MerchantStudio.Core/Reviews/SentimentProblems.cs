using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Reviews;

public sealed record NoReviews()
    : Problem("reviews.none", "There are no reviews with text yet. Import a reviews file with a text column.");

public sealed record NoReviewLabels()
    : Problem("reviews.no-labels", "The reviews have neither stars nor labels, so there is nothing to learn sentiment from. Map a stars column (1 to 5) or a label column (positive, neutral, negative) and import again.");

/// <param name="Class">The only class among the labelled reviews.</param>
public sealed record OneSentimentOnly(string Class, int Reviews)
    : Problem("reviews.one-class", "All {1} rated reviews are {0}, so there is no contrast to learn from. Import reviews of other opinions, or move the bounds between negative and positive stars.", Class, Reviews);

public sealed record TooFewReviews(int Rarest, int Needed, string Class)
    : Problem("reviews.too-few", "Only {0} different reviews are {2}; {1} of each opinion are needed to learn and to check what was learnt. Import more reviews.", Rarest, Needed, Class);

public sealed record UnknownReviewModel(string Name)
    : Problem("evaluate.unknown-review-model", "'{0}' is not a model. Choose from ordinal and majority.", Name);

public sealed record NothingScored()
    : Problem("reviews.nothing-scored", "No review has been scored yet. Import reviews with text and stars, then refresh the insights once.");
