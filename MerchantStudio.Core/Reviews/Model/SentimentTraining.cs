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
    internal const int Folds = 5;
    private const int LeastReviewsOfTerm = 2;

    /// <summary>A step between levels gets a head when at least this many reviews lie on each side of it.</summary>
    private const int LeastOnSide = 8;

    /// <param name="strengths">Inverse L2 penalties to choose from, ascending: the one whose classes have the least log-loss on the folds kept aside.</param>
    public static TrainedSentiment Train(IReadOnlyList<LabelledReview> reviews, ReadOnlySpan<double> strengths, int seed, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        var terms = new IReadOnlyList<ReviewTerm>[reviews.Count];
        Parallel.For(0, terms.Length, row => terms[row] = ReviewTerms.Of(ReviewUnits.Cut(reviews[row].Text)));
        var foldOf = reviews.Select(review => HashSplit.Bucket(FormattableString.Invariant($"{review.Group}:{seed}-fold")) % Folds).ToArray();
        var truth = reviews.Select(review => review.Truth).ToArray();
        var answers = Answers(reviews);
        var signals = strengths.ToArray().Select(_ => new double[reviews.Count][]).ToArray();
        for (var fold = 0; fold < Folds; fold++)
        {
            var (vocabulary, path) = Fit(terms, Rows(foldOf, row => foldOf[row] != fold), answers, strengths, cancellationToken);
            var aside = Rows(foldOf, row => foldOf[row] == fold);
            Parallel.For(0, aside.Length, at =>
            {
                for (var strength = 0; strength < path.Length; strength++) signals[strength][aside[at]] = ReviewSignals.Of(vocabulary, path[strength], terms[aside[at]]);
            });
            progress?.Report((fold + 1.0) / (Folds + 1));
        }

        var decisions = signals.Select(candidate => SentimentDecision.Fit(candidate, truth, cancellationToken)).ToArray();
        var best = Enumerable.Range(0, decisions.Length).MinBy(at => decisions[at].LogLoss(signals[at], truth));
        var (allTerms, heads) = Fit(terms, Rows(foldOf, _ => true), answers, strengths.Slice(best, 1), cancellationToken);
        progress?.Report(1);
        return new TrainedSentiment(new SentimentModel(allTerms, heads[0], decisions[best]), strengths[best], answers.Steps.Length);
    }

    private static (TermVocabulary Vocabulary, OrdinalHeads[] Path) Fit(
        IReadOnlyList<ReviewTerm>[] terms, int[] rows, (bool[][] Steps, bool[][] Classes) answers, ReadOnlySpan<double> strengths, CancellationToken cancellationToken)
    {
        var vocabulary = TermVocabulary.Fit(rows.Select(row => terms[row]), LeastReviewsOfTerm);
        var encoded = vocabulary.Encode([.. rows.Select(row => terms[row])]);
        bool[][] picked = [.. answers.Steps.Concat(answers.Classes).Select(question => rows.Select(row => question[row]).ToArray())];
        return (vocabulary, OrdinalHeads.TrainPath(encoded, picked, answers.Steps.Length, strengths, cancellationToken));
    }

    /// <summary>What the heads are asked: each step that enough reviews lie on both sides of, and whether a review is neutral where any is.</summary>
    private static (bool[][] Steps, bool[][] Classes) Answers(IReadOnlyList<LabelledReview> reviews)
    {
        var levels = reviews.Select(review => review.Level).Distinct().Order().ToArray();
        bool[][] steps = [.. levels.SkipLast(1).Select(step => reviews.Select(review => review.Level > step).ToArray()).Where(Suffices)];
        bool[] neutral = [.. reviews.Select(review => review.Truth == Sentiment.Neutral)];
        return (steps, Suffices(neutral) ? [neutral] : []);

        bool Suffices(bool[] answers)
        {
            var yes = answers.Count(answer => answer);
            return Math.Min(yes, answers.Length - yes) >= Math.Min(LeastOnSide, answers.Length / 10);
        }
    }

    private static int[] Rows(int[] foldOf, Func<int, bool> wanted) => [.. Enumerable.Range(0, foldOf.Length).Where(wanted)];
}

internal sealed record TrainedSentiment(SentimentModel Model, double Strength, int Heads)
{
    public string Settings => FormattableString.Invariant($"{Heads} star steps, L2 {Strength:G3}, decision on {SentimentTraining.Folds} folds");
}
