using System.Collections.Immutable;
using System.Diagnostics;
using MerchantStudio.Core.Learning.Evaluation;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Reviews.Model;

namespace MerchantStudio.Core.Reviews;

/// <param name="Texts">One for each record of the file, in order, empty ones included: records are numbered before any is dropped.</param>
/// <param name="Ratings">Stars or labels as they stand in the file.</param>
public sealed record ReviewTable(IReadOnlyList<string> Texts, IReadOnlyList<string> Ratings);

/// <param name="ByStars">Whether the ratings are stars; else labels.</param>
/// <param name="Models">Of "majority" and "ordinal"; empty for both.</param>
public sealed record ReviewQuestion(bool ByStars, SentimentBounds Bounds, int Seed, ImmutableArray<string> Models);

public sealed record ReviewModelReport(string Model, SentimentMetrics Metrics, double TrainingSeconds, double ScoringSeconds, double PeakMemoryMegabytes, string Chosen);

/// <param name="Rows">Records of the file.</param>
/// <param name="LeftOut">Records without text, stars or label; they are numbered, but neither learnt from nor scored.</param>
public sealed record ReviewEvaluationReport(
    string Split, string SplitCheck, int Rows, int LeftOut, int TrainingRows, int ValidationRows, int TestRows, ImmutableArray<ReviewModelReport> Models);

/// <summary>Fits the sentiment model on any file of rated texts and measures it on records kept aside.</summary>
public static class ReviewEvaluation
{
    public const string OrdinalModel = "ordinal";
    public const string MajorityModel = "majority";

    /// <summary>Everything is fitted and chosen within the training side; the test side is scored once.</summary>
    public static Outcome<ReviewEvaluationReport> Run(ReviewTable table, ReviewQuestion question, TimeProvider time, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(question);
        ArgumentNullException.ThrowIfNull(time);
        if (question.Models.FirstOrDefault(model => model is not (OrdinalModel or MajorityModel)) is { } unknown) return new UnknownReviewModel(unknown);
        var split = HashSplit.Of(table.Texts, question.Seed);
        var reviews = Labelled(table, question);
        if (reviews.All(review => review is null)) return new NoReviewLabels();
        int[] training = [.. Rows(reviews, row => !split.Test[row])], test = [.. Rows(reviews, row => split.Test[row])];
        LabelledReview[] learnt = [.. training.Select(row => reviews[row]!)];
        Sentiment[] truth = [.. test.Select(row => reviews[row]!.Truth)];
        if (LabelledReviews.Check(learnt) is { } problem) return problem;
        if (truth.Length == 0) return new TooFewReviews(0, 1, "on the test side");

        var models = ImmutableArray.CreateBuilder<ReviewModelReport>();
        if (Wanted(MajorityModel)) models.Add(new ReviewModelReport(MajorityModel, SentimentMeasures.Majority([.. learnt.Select(review => review.Truth)], truth), 0, 0, PeakMegabytes(), "the commonest class"));
        if (Wanted(OrdinalModel))
        {
            var started = time.GetTimestamp();
            var trained = SentimentTraining.Train(learnt, LabelledReviews.Strengths, question.Seed, progress, cancellationToken);
            var training1 = time.GetElapsedTime(started);
            started = time.GetTimestamp();
            var scores = new SentimentScore[test.Length];
            Parallel.For(0, test.Length, at => scores[at] = trained.Model.Score(reviews[test[at]]!.Text));
            models.Add(new ReviewModelReport(OrdinalModel, SentimentMeasures.Of(truth, scores), training1.TotalSeconds, time.GetElapsedTime(started).TotalSeconds, PeakMegabytes(), trained.Settings));
        }

        return new ReviewEvaluationReport(
            FormattableString.Invariant($"hash:{question.Seed}"), split.Check, table.Texts.Count, table.Texts.Count - training.Length - test.Length,
            training.Count(row => !split.Validation[row]), training.Count(row => split.Validation[row]), test.Length, models.ToImmutable());

        bool Wanted(string model) => question.Models.IsDefaultOrEmpty || question.Models.Contains(model);
    }

    private static LabelledReview?[] Labelled(ReviewTable table, ReviewQuestion question)
    {
        var groups = new Dictionary<string, int>(StringComparer.Ordinal);
        var reviews = new LabelledReview?[table.Texts.Count];
        for (var row = 0; row < reviews.Length; row++)
        {
            if (!groups.TryGetValue(table.Texts[row], out var group)) groups[table.Texts[row]] = group = row;
            reviews[row] = question.ByStars
                ? LabelledReviews.ByStars(table.Texts[row], ReviewLabels.Stars(table.Ratings[row]), question.Bounds, group)
                : LabelledReviews.ByLabel(table.Texts[row], ReviewLabels.Label(table.Ratings[row]), group);
        }

        return reviews;
    }

    private static IEnumerable<int> Rows(LabelledReview?[] reviews, Func<int, bool> wanted) => Enumerable.Range(0, reviews.Length).Where(row => reviews[row] is not null && wanted(row));

    private static double PeakMegabytes()
    {
        using var process = Process.GetCurrentProcess();
        return Math.Round(process.PeakWorkingSet64 / 1048576.0, 1);
    }
}
