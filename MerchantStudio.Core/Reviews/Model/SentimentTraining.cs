using MerchantStudio.Core.Learning.Evaluation;
using MerchantStudio.Core.Reviews.Text;

namespace MerchantStudio.Core.Reviews.Model;

/// <summary>A review to learn from.</summary>
/// <param name="Level">Its place in the order from worst to best: stars, or the label's class.</param>
/// <param name="Group">Equal for reviews with the same text, so that they stay together.</param>
internal sealed record LabelledReview(string Text, int Level, Sentiment Truth, int Group);

/// <summary>Fits heads on all training reviews and the decision on signals that each review got from heads that had not seen it.</summary>
internal static class SentimentTraining
{
    internal const int MostSteps = 60;
    internal const double Tolerance = 1e-4;
    private const int Folds = 3;
    private const int LeastReviewsOfTerm = 2;

    /// <summary>A step between levels gets a head when at least this many reviews lie on each side of it.</summary>
    private const int LeastOnSide = 8;

    /// <param name="strengths">Inverse L2 penalties to choose from by log-loss on the folds kept aside.</param>
    public static TrainedSentiment Train(IReadOnlyList<LabelledReview> reviews, ReadOnlySpan<double> strengths, int seed, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        var terms = new IReadOnlyList<ReviewTerm>[reviews.Count];
        Parallel.For(0, terms.Length, row => terms[row] = ReviewTerms.Of(ReviewUnits.Cut(reviews[row].Text)));
        var steps = Steps(reviews);
        var foldOf = reviews.Select(review => HashSplit.Bucket(FormattableString.Invariant($"{review.Group}:{seed}-fold")) % Folds).ToArray();
        var truth = reviews.Select(review => review.Truth).ToArray();
        var (bestStrength, bestSignals, bestLoss) = (0.0, Array.Empty<double[]>(), double.PositiveInfinity);
        double done = 0, all = (strengths.Length * Folds) + 1;
        foreach (var strength in strengths)
        {
            var signals = new double[reviews.Count][];
            for (var fold = 0; fold < Folds; fold++)
            {
                var inside = Rows(foldOf, row => foldOf[row] != fold);
                var (vocabulary, heads) = Fit(reviews, terms, inside, steps, strength, cancellationToken);
                foreach (var row in Rows(foldOf, row => foldOf[row] == fold)) signals[row] = Signals(vocabulary, heads, terms[row]);
                progress?.Report(++done / all);
            }

            var loss = LogLoss(signals, reviews, steps);
            if (loss < bestLoss) (bestStrength, bestSignals, bestLoss) = (strength, signals, loss);
        }

        var decision = SentimentDecision.Fit(bestSignals, truth, cancellationToken);
        var (terms2, heads2) = Fit(reviews, terms, Rows(foldOf, _ => true), steps, bestStrength, cancellationToken);
        progress?.Report(1);
        return new TrainedSentiment(new SentimentModel(terms2, heads2, decision), bestStrength, steps.Length);
    }

    private static (TermVocabulary Vocabulary, OrdinalHeads Heads) Fit(
        IReadOnlyList<LabelledReview> reviews, IReadOnlyList<ReviewTerm>[] terms, int[] rows, int[] steps, double strength, CancellationToken cancellationToken)
    {
        var vocabulary = TermVocabulary.Fit(rows.Select(row => terms[row]), LeastReviewsOfTerm);
        var encoded = vocabulary.Encode([.. rows.Select(row => terms[row])]);
        return (vocabulary, OrdinalHeads.Train(encoded, [.. rows.Select(row => reviews[row].Level)], steps, strength, cancellationToken));
    }

    private static double[] Signals(TermVocabulary vocabulary, OrdinalHeads heads, IReadOnlyList<ReviewTerm> terms)
    {
        var (columns, values, _) = vocabulary.Encode(terms);
        return heads.Signals(columns, values);
    }

    private static int[] Steps(IReadOnlyList<LabelledReview> reviews)
    {
        var levels = reviews.Select(review => review.Level).Distinct().Order().ToArray();
        return [.. levels.SkipLast(1).Where(step =>
        {
            var above = reviews.Count(review => review.Level > step);
            return Math.Min(above, reviews.Count - above) >= Math.Min(LeastOnSide, reviews.Count / 10);
        })];
    }

    private static double LogLoss(double[][] signals, IReadOnlyList<LabelledReview> reviews, int[] steps)
    {
        double sum = 0;
        for (var row = 0; row < signals.Length; row++)
        {
            for (var head = 0; head < steps.Length; head++)
            {
                var towards = reviews[row].Level > steps[head] ? signals[row][head] : -signals[row][head];
                sum += towards > 0 ? Math.Log(1 + Math.Exp(-towards)) : Math.Log(1 + Math.Exp(towards)) - towards;
            }
        }

        return sum / signals.Length;
    }

    private static int[] Rows(int[] foldOf, Func<int, bool> wanted) => [.. Enumerable.Range(0, foldOf.Length).Where(wanted)];
}

internal sealed record TrainedSentiment(SentimentModel Model, double Strength, int Heads)
{
    public string Settings => FormattableString.Invariant($"{Heads} star steps, L2 {Strength:G3}, decision on 3 folds");
}
