using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MerchantStudio.Core.Learning.Evaluation;
using MerchantStudio.Core.Learning.Registry;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Reviews.Model;
using MerchantStudio.Core.Reviews.Text;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Reviews;

/// <summary>The sentiment stage: learns from the merchant's own stars or labels, checks itself on held-out reviews and scores every review.</summary>
public sealed class SentimentPipeline(ModelStore models, TimeProvider time)
{
    private const double DatedShareForTimeSplit = 0.9;
    private const double TestShare = 0.2;
    private const int LeastTestReviewsOfLanguage = 30;

    /// <summary>Writes next_review_scores (also when there is nothing to learn from: then it is empty).</summary>
    /// <param name="bounds">Edited star bounds; null for 1-2 negative, 3 neutral, 4-5 positive.</param>
    /// <param name="progress">0 to 1 over training and scoring.</param>
    /// <returns>The report, or what is missing; a problem here does not stop the rest of a pipeline.</returns>
    public async Task<Outcome<SentimentReport>> RunAsync(WarehouseSession session, SentimentBounds? bounds, int seed, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(session);
        var read = bounds ?? SentimentBounds.Default;
        await ReviewScores.CreateAsync(session, cancellationToken).ConfigureAwait(false);
        var reviews = await ReviewScores.ReadAsync(session, cancellationToken).ConfigureAwait(false);
        var withText = reviews.Where(review => !string.IsNullOrWhiteSpace(review.Text)).ToImmutableArray();
        if (withText.IsEmpty) return new NoReviews();

        var byLabels = withText.Any(review => review.Label is not null);
        var material = Material(withText, read, byLabels);
        if (material.Count == 0) return new NoReviewLabels();
        if (LabelledReviews.Check([.. material.Select(item => item.Review)]) is { } missing) return missing;
        var (isTest, testFrom) = Split(material, seed);
        LabelledReview[] training = [.. material.Where((_, at) => !isTest[at]).Select(item => item.Review)];
        if (LabelledReviews.Check(training) is { } tooLittle) return tooLittle;
        var test = material.Where((_, at) => isTest[at]).Select(item => item.Review).ToArray();

        var started = time.GetTimestamp();
        var trained = await Task.Run(() => SentimentTraining.Train(training, LabelledReviews.Strengths, seed, new Part(progress, 0.7), cancellationToken), cancellationToken).ConfigureAwait(false);
        var seconds = time.GetElapsedTime(started).TotalSeconds;
        Sentiment[] truth = [.. test.Select(review => review.Truth)];
        SentimentScore[] scores = [.. test.AsParallel().AsOrdered().WithCancellation(cancellationToken).Select(review => trained.Model.Score(review.Text))];
        var hash = await models.SaveAsync(trained.Model.Save, cancellationToken).ConfigureAwait(false);
        await ReviewScores.WriteAsync(session, trained.Model, withText, new Part(progress, 0.3, 0.7), cancellationToken).ConfigureAwait(false);

        return new SentimentReport(
            withText.Length, reviews.Length - withText.Length, material.Count, byLabels ? "labels" : "stars", read, testFrom is null ? "hash" : "time", testFrom,
            training.Length, test.Length, SentimentMeasures.Of(truth, scores), SentimentMeasures.Majority([.. training.Select(review => review.Truth)], truth),
            Languages(withText, test, truth, scores),
            new SentimentModelFacts(SentimentModel.Family, hash, DataHash(material), seed, trained.Model.Terms, trained.Settings, seconds));
    }

    private static List<(StoredReview Stored, LabelledReview Review)> Material(ImmutableArray<StoredReview> reviews, SentimentBounds bounds, bool byLabels)
    {
        var groups = new Dictionary<string, int>(StringComparer.Ordinal);
        var material = new List<(StoredReview, LabelledReview)>(reviews.Length);
        for (var at = 0; at < reviews.Length; at++)
        {
            var stored = reviews[at];
            if (!groups.TryGetValue(stored.Text!, out var group)) groups[stored.Text!] = group = at;
            var review = byLabels ? LabelledReviews.ByLabel(stored.Text, ReviewLabels.Label(stored.Label), group) : LabelledReviews.ByStars(stored.Text, stored.Stars, bounds, group);
            if (review is not null) material.Add((stored, review));
        }

        return material;
    }

    /// <summary>The newest fifth tests where reviews have dates; a text that the training side holds too stays there.</summary>
    private static (bool[] IsTest, DateTimeOffset? From) Split(List<(StoredReview Stored, LabelledReview Review)> material, int seed)
    {
        DateTimeOffset[] dates = [.. material.Where(item => item.Stored.At is not null).Select(item => item.Stored.At!.Value).Order()];
        if (dates.Length >= DatedShareForTimeSplit * material.Count)
        {
            var from = dates[(int)(dates.Length * (1 - TestShare))];
            var known = material.Where(item => item.Stored.At is not { } at || at < from).Select(item => item.Review.Group).ToHashSet();
            bool[] isTest = [.. material.Select(item => item.Stored.At >= from && !known.Contains(item.Review.Group))];
            if (Fits(isTest)) return (isTest, from);
        }

        return (HashSplit.Of([.. material.Select(item => item.Review.Text)], seed).Test, null);

        bool Fits(bool[] isTest) => isTest.Contains(true) && LabelledReviews.Check([.. material.Where((_, at) => !isTest[at]).Select(item => item.Review)]) is null;
    }

    private static ImmutableArray<LanguageFigures> Languages(ImmutableArray<StoredReview> all, LabelledReview[] test, Sentiment[] truth, SentimentScore[] scores)
    {
        var languageOf = test.Select(review => ReviewLanguage.Of(review.Text)).ToArray();
        return [.. all.GroupBy(review => ReviewLanguage.Of(review.Text!)).OrderByDescending(group => group.Count()).Select(group =>
        {
            int[] own = [.. Enumerable.Range(0, test.Length).Where(at => languageOf[at] == group.Key)];
            double? macroF1 = own.Length < LeastTestReviewsOfLanguage ? null : SentimentMeasures.Of([.. own.Select(at => truth[at])], [.. own.Select(at => scores[at])]).MacroF1;
            return new LanguageFigures(group.Key, group.Count(), macroF1);
        })];
    }

    private static string DataHash(List<(StoredReview Stored, LabelledReview Review)> material)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (_, review) in material) sha.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{review.Level}\t{review.Text}\n")));
        return Convert.ToHexStringLower(sha.GetHashAndReset());
    }

    private sealed class Part(IProgress<double>? whole, double share, double from = 0) : IProgress<double>
    {
        public void Report(double value) => whole?.Report(from + (share * value));
    }
}
