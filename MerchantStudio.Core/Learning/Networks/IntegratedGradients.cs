using System.Collections.Immutable;
using MerchantStudio.Core.Learning.Layers;

namespace MerchantStudio.Core.Learning.Networks;

/// <summary>What each number that a network sees moved its log-odds between a baseline and an input: the slopes along the straight way between them, added up.</summary>
/// <param name="steps">Of an input.</param>
/// <param name="slopes">The log-odds of some inputs, and how each number moves its input's.</param>
/// <remarks>
/// Sundararajan, Taly and Yan, Axiomatic attribution for deep networks, ICML 2017. Simpson's rule on pieces of the way: a piece is halved, around bends and steep
/// stretches, while its slopes do not explain what the log-odds did on it.
/// </remarks>
internal sealed class IntegratedGradients(Pass pass, int steps, Func<Tensor, (Tensor LogOdds, Tensor Slopes)> slopes)
{
    /// <summary>How far contributions and bias may be from the input's log-odds: what the pieces leave unexplained, and rounding.</summary>
    public const double Tolerance = 1e-3;

    /// <summary>Here the way is left as it is: what its pieces still leave unexplained is then missing from the sum.</summary>
    public const int MostPoints = 1024;

    private const double MostUnexplained = Tolerance / 2;
    private const int FirstPieces = 4;
    private const int PointsTogether = 32;

    /// <param name="baseline">Not in the pass's memory.</param>
    /// <param name="input">May be in the pass's memory.</param>
    /// <returns>One value a number of the input, and the baseline's log-odds.</returns>
    public (double[] Moved, double Bias) Between(ReadOnlySpan<float> baseline, ReadOnlySpan<float> input)
    {
        var change = new float[input.Length];
        for (var i = 0; i < change.Length; i++) change[i] = input[i] - baseline[i];
        var first = Along(baseline, change, [.. Enumerable.Range(0, (2 * FirstPieces) + 1).Select(at => at / (2f * FirstPieces))]);
        ImmutableArray<Piece> pieces = [.. Enumerable.Range(0, FirstPieces).Select(at => new Piece(first[2 * at], first[(2 * at) + 1], first[(2 * at) + 2]))];
        for (var points = first.Length; points < MostPoints && pieces.Sum(piece => piece.Unexplained) > MostUnexplained;)
        {
            var most = MostUnexplained / pieces.Length;
            var between = Along(baseline, change, [.. pieces.Where(piece => piece.Unexplained > most).SelectMany(piece => piece.Quarters)]);
            points += between.Length;
            var next = 0;
            pieces = [.. pieces.SelectMany(piece => piece.Unexplained > most ? piece.Halves(between[next++], between[next++]) : [piece])];
        }

        var moved = new double[change.Length];
        foreach (var (point, weight) in pieces.SelectMany(piece => piece.Weights))
        {
            for (var i = 0; i < moved.Length; i++) moved[i] += weight * point.Slopes[i] * change[i];
        }

        return (moved, first[0].LogOdds);
    }

    private Point[] Along(ReadOnlySpan<float> baseline, ReadOnlySpan<float> change, ReadOnlySpan<float> shares)
    {
        var all = new Point[shares.Length];
        for (var from = 0; from < all.Length; from += PointsTogether)
        {
            var some = shares.Slice(from, Math.Min(PointsTogether, all.Length - from));
            pass.Begin(training: false, 0);
            pass.Gradients.Clear();
            var points = pass.New(some.Length, steps, change.Length / steps);
            var values = points.Span;
            for (var at = 0; at < values.Length; at++) values[at] = baseline[at % change.Length] + (change[at % change.Length] * some[at / change.Length]);
            var (logOdds, moves) = slopes(points);
            for (var at = 0; at < some.Length; at++) all[from + at] = Point.Of(some[at], logOdds.Span[at], moves.Span.Slice(at * change.Length, change.Length), change);
        }

        return all;
    }

    /// <param name="Share">Of the way.</param>
    /// <param name="Slope">By the share.</param>
    /// <param name="Slopes">By each number of the input.</param>
    private sealed record Point(float Share, float LogOdds, double Slope, float[] Slopes)
    {
        public static Point Of(float share, float logOdds, ReadOnlySpan<float> slopes, ReadOnlySpan<float> change)
        {
            var slope = 0.0;
            for (var i = 0; i < slopes.Length; i++) slope += (double)slopes[i] * change[i];
            return new Point(share, logOdds, slope, slopes.ToArray());
        }
    }

    private readonly record struct Piece(Point From, Point Middle, Point To)
    {
        /// <summary>By how much what its slopes say differs from what the log-odds did.</summary>
        public double Unexplained { get; } = Math.Abs(((To.Share - From.Share) / 6.0 * (From.Slope + (4 * Middle.Slope) + To.Slope)) - (To.LogOdds - (double)From.LogOdds));

        public float[] Quarters => [(From.Share + Middle.Share) / 2, (Middle.Share + To.Share) / 2];

        public (Point Point, double Weight)[] Weights => [(From, (To.Share - From.Share) / 6.0), (Middle, (To.Share - From.Share) / 1.5), (To, (To.Share - From.Share) / 6.0)];

        public Piece[] Halves(Point firstQuarter, Point lastQuarter) => [new(From, firstQuarter, Middle), new(Middle, lastQuarter, To)];
    }
}
