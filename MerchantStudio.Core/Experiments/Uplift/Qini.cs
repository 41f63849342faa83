using System.Collections.Immutable;
using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Evaluation;

namespace MerchantStudio.Core.Experiments.Uplift;

/// <param name="Targeted">Share of people who get the offer, best scores first, 0 to 1.</param>
/// <param name="Gain">What that earns over giving nobody the offer, per person of all, in the unit of the outcome.</param>
public sealed record QiniPoint(double Targeted, double Gain);

/// <param name="Points">At most 101, from nobody to everybody; the last is the mean uplift.</param>
/// <param name="Coefficient">Area between the curve and the straight line of random targeting: how much more than chance it earns per person, on the average over all depths. 0 for chance.</param>
public sealed record QiniCurve(ImmutableArray<QiniPoint> Points, double Coefficient);

/// <summary>A way to choose people beside chance and beside a plain response model, on the same people.</summary>
/// <param name="Interval">Of the uplift model's coefficient over new people of the same kind (bootstrap percentiles, 90 %); above 0 it beats random targeting.</param>
/// <param name="MoreThanResponse">Its coefficient less the response model's, drawn together.</param>
public sealed record QiniComparison(QiniCurve Uplift, Interval Interval, QiniCurve Response, Interval ResponseInterval, double MoreThanResponse, Interval MoreThanResponseInterval);

/// <summary>How well scores put those first whom an offer changes. Measured on people whom no model has seen.</summary>
/// <remarks>
/// Radcliffe, Using control groups to target on predicted lift, Direct Marketing Analytics Journal 2007; Radcliffe and Surry, Real-world uplift modelling, 2011. Gain at a depth = (outcomes of treated −
/// outcomes of holdout × treated / holdout, all among those targeted) / all treated. People of equal score are taken together, so that equal scores for all are exactly chance.
/// </remarks>
public static class Qini
{
    private const int MostPoints = 101;
    private const int UsualDraws = 300;

    public static QiniCurve Curve(ReadOnlySpan<float> scores, bool[] treated, float[] y)
    {
        ArgumentNullException.ThrowIfNull(treated);
        ArgumentNullException.ThrowIfNull(y);
        return new Ranking(scores, treated, y).Curve(null);
    }

    /// <param name="uplift">Predicted change.</param>
    /// <param name="response">What the model that it is set beside ranks by, such as <see cref="UpliftScores.With"/>.</param>
    /// <param name="draws">Bootstrap samples of the people.</param>
    public static QiniComparison Compare(float[] uplift, float[] response, bool[] treated, float[] y, int seed, int draws = UsualDraws, CancellationToken cancellationToken = default)
    {
        var (first, second) = (new Ranking(uplift, treated, y), new Ranking(response, treated, y));
        var (ofFirst, ofSecond, more) = (new double[draws], new double[draws], new double[draws]);
        Parallel.For(0, draws, new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = cancellationToken }, draw =>
        {
            var counts = new byte[treated.Length];
            var random = new SeededRandom(SeededRandom.Mix((ulong)seed, (ulong)draw));
            for (var i = 0; i < counts.Length; i++) counts[random.NextInt(counts.Length)]++;
            (ofFirst[draw], ofSecond[draw]) = (first.Coefficient(counts), second.Coefficient(counts));
            more[draw] = ofFirst[draw] - ofSecond[draw];
        });
        var (ours, plain) = (first.Curve(null), second.Curve(null));
        return new QiniComparison(ours, Between(ofFirst), plain, Between(ofSecond), ours.Coefficient - plain.Coefficient, Between(more));
    }

    private static Interval Between(double[] draws)
    {
        Array.Sort(draws);
        var tail = (1 - Estimate.UsualLevel) / 2;
        return new Interval(draws[(int)(tail * (draws.Length - 1))], draws[(int)Math.Ceiling((1 - tail) * (draws.Length - 1))]);
    }

    /// <summary>People in the order of their scores; put in order once for all draws.</summary>
    private sealed class Ranking
    {
        private readonly int[] _order;
        private readonly bool[] _endsTie;
        private readonly bool[] _treated;
        private readonly float[] _y;

        public Ranking(ReadOnlySpan<float> scores, bool[] treated, float[] y)
        {
            if (scores.Length != treated.Length || y.Length != treated.Length) throw new ArgumentException("Each person needs one score, one arm and one outcome.", nameof(scores));
            _order = [.. Enumerable.Range(0, scores.Length)];
            var keys = new float[scores.Length];
            for (var i = 0; i < keys.Length; i++) keys[i] = -scores[i];
            Array.Sort(keys, _order);
            _endsTie = new bool[keys.Length];
            for (var i = 0; i < keys.Length; i++) _endsTie[i] = i + 1 == keys.Length || keys[i + 1] != keys[i];
            (_treated, _y) = (treated, y);
        }

        public double Coefficient(byte[] counts) => Walk(counts, null);

        public QiniCurve Curve(byte[]? counts)
        {
            var points = ImmutableArray.CreateBuilder<QiniPoint>();
            var coefficient = Walk(counts, points);
            return new QiniCurve(points.ToImmutable(), coefficient);
        }

        private double Walk(byte[]? counts, ImmutableArray<QiniPoint>.Builder? points)
        {
            double people = 0, allTreated = 0;
            for (var i = 0; i < _order.Length; i++)
            {
                var weight = counts?[i] ?? 1;
                people += weight;
                if (_treated[i]) allTreated += weight;
            }

            double treated = 0, holdout = 0, ofTreated = 0, ofHoldout = 0, area = 0, targeted = 0, gain = 0;
            var next = 1;
            points?.Add(new QiniPoint(0, 0));
            for (var i = 0; i < _order.Length; i++)
            {
                var row = _order[i];
                var weight = counts?[row] ?? 1;
                if (_treated[row]) (treated, ofTreated) = (treated + weight, ofTreated + (weight * _y[row]));
                else (holdout, ofHoldout) = (holdout + weight, ofHoldout + (weight * _y[row]));
                if (!_endsTie[i]) continue;
                var (before, gainBefore) = (targeted, gain);
                targeted = (treated + holdout) / people;
                gain = allTreated == 0 ? 0 : (ofTreated - (holdout == 0 ? 0 : ofHoldout * treated / holdout)) / allTreated;
                area += (targeted - before) * (gain + gainBefore) / 2;
                if (points is null || (targeted * (MostPoints - 1) < next && i + 1 < _order.Length)) continue;
                points.Add(new QiniPoint(targeted, gain));
                next = (int)(targeted * (MostPoints - 1)) + 1;
            }

            return area - (gain / 2);
        }
    }
}
