using System.Collections.Immutable;
using MerchantStudio.Core.Reviews.Model;

namespace MerchantStudio.Core.Reviews;

internal static class SentimentMeasures
{
    public static SentimentMetrics Of(IReadOnlyList<Sentiment> truth, IReadOnlyList<SentimentScore> scores)
    {
        double loss = 0;
        for (var at = 0; at < truth.Count; at++) loss -= Math.Log(Math.Max(1e-12, Probability(scores[at], truth[at])));
        return Of(truth, [.. scores.Select(score => score.Sentiment)], loss / truth.Count);
    }

    /// <summary>What stating the training side's commonest class for every review would reach.</summary>
    public static SentimentMetrics Majority(IReadOnlyList<Sentiment> training, IReadOnlyList<Sentiment> truth)
    {
        var rates = Enum.GetValues<Sentiment>().ToDictionary(sentiment => sentiment, sentiment => (training.Count(review => review == sentiment) + 0.5) / (training.Count + 1.5));
        var common = rates.MaxBy(rate => rate.Value).Key;
        return Of(truth, [.. truth.Select(_ => common)], -truth.Average(sentiment => Math.Log(rates[sentiment])));
    }

    private static SentimentMetrics Of(IReadOnlyList<Sentiment> truth, Sentiment[] stated, double logLoss)
    {
        Sentiment[] classes = [.. truth.Concat(stated).Distinct().Order()];
        var confusion = new int[classes.Length, classes.Length];
        for (var at = 0; at < stated.Length; at++) confusion[Array.IndexOf(classes, truth[at]), Array.IndexOf(classes, stated[at])]++;
        var figures = classes.Select((sentiment, k) =>
        {
            int there = Enumerable.Range(0, classes.Length).Sum(j => confusion[k, j]), said = Enumerable.Range(0, classes.Length).Sum(j => confusion[j, k]), right = confusion[k, k];
            return new ClassFigures(sentiment.Key(), there, said == 0 ? 0 : (double)right / said, there == 0 ? 0 : (double)right / there, there + said == 0 ? 0 : 2.0 * right / (there + said));
        }).ToImmutableArray();
        var matrix = classes.Select((_, k) => Enumerable.Range(0, classes.Length).Select(j => confusion[k, j]).ToImmutableArray()).ToImmutableArray();
        return new SentimentMetrics(
            stated.Length,
            figures.Where(figure => figure.Reviews > 0).Average(figure => figure.F1),
            stated.Where((sentiment, at) => sentiment == truth[at]).Count() / (double)stated.Length,
            logLoss, figures, matrix);
    }

    private static double Probability(SentimentScore score, Sentiment sentiment) => sentiment switch
    {
        Sentiment.Negative => score.Negative,
        Sentiment.Neutral => score.Neutral,
        _ => score.Positive,
    };
}
