using System.Collections.Immutable;
using MerchantStudio.Core.Learning.Layers;

namespace MerchantStudio.Core.Learning.Networks.Tables;

/// <summary>What each column moved between a baseline and a row: the slopes along the straight way between them, added up.</summary>
/// <remarks>
/// Sundararajan, Taly and Yan, Axiomatic attribution for deep networks, ICML 2017. The log-odds bend only where a unit switches on or off, so the way is halved
/// around the bends until each piece's slope explains what the log-odds did on it.
/// </remarks>
internal sealed class IntegratedGradients(TableNetwork network, Pass pass)
{
    /// <summary>How far contributions and bias may be from the row's log-odds: the share of the pieces that still hold a bend, and rounding.</summary>
    public const double Tolerance = 1e-3;

    private const double PieceTolerance = 1e-5;
    private const int FirstPieces = 8;
    private const int MostHalvings = 10;

    private readonly ImmutableArray<int> _columns = network.EmbeddedColumns;

    /// <param name="row">Embedded, of the pass.</param>
    /// <param name="baseline">Embedded.</param>
    /// <returns>One value a column of the table, then the baseline's log-odds.</returns>
    public double[] Of(ReadOnlySpan<float> row, ReadOnlySpan<float> baseline)
    {
        var change = new float[row.Length];
        for (var input = 0; input < change.Length; input++) change[input] = row[input] - baseline[input];
        var ends = Along(baseline, change, [.. Enumerable.Range(0, FirstPieces + 1).Select(i => (float)i / FirstPieces)]).LogOdds;
        var pieces = Enumerable.Range(0, FirstPieces).Select(i => new Piece((float)i / FirstPieces, (float)(i + 1) / FirstPieces, ends[i], ends[i + 1])).ToList();
        var contributions = new double[network.Encoding.Columns.Length + 1];
        contributions[^1] = ends[0];
        for (var halving = 0; pieces.Count > 0; halving++)
        {
            var (logOdds, slopes) = Along(baseline, change, [.. pieces.Select(piece => piece.Middle)]);
            var rest = new List<Piece>();
            for (var i = 0; i < pieces.Count; i++)
            {
                var piece = pieces[i];
                var slope = slopes.AsSpan(i * change.Length, change.Length);
                var explained = 0.0;
                for (var input = 0; input < change.Length; input++) explained += (double)slope[input] * change[input] * piece.Length;
                if (halving < MostHalvings && Math.Abs(explained - (piece.At1 - piece.At0)) > PieceTolerance)
                {
                    rest.Add(new Piece(piece.From, piece.Middle, piece.At0, logOdds[i]));
                    rest.Add(new Piece(piece.Middle, piece.To, logOdds[i], piece.At1));
                    continue;
                }

                for (var input = 0; input < change.Length; input++) contributions[_columns[input]] += (double)slope[input] * change[input] * piece.Length;
            }

            pieces = rest;
        }

        return contributions;
    }

    /// <summary>Log-odds and slopes at some shares of the way.</summary>
    private (float[] LogOdds, float[] Slopes) Along(ReadOnlySpan<float> baseline, ReadOnlySpan<float> change, ReadOnlySpan<float> shares)
    {
        pass.Begin(training: false, 0);
        var points = pass.New(shares.Length, 1, change.Length);
        var values = points.Span;
        for (var at = 0; at < values.Length; at++) values[at] = baseline[at % change.Length] + (change[at % change.Length] * shares[at / change.Length]);
        var (logOdds, slopes) = network.Slopes(pass, points);
        return (logOdds.Span.ToArray(), slopes.Span.ToArray());
    }

    /// <summary>A stretch of the way with the log-odds at its ends.</summary>
    private readonly record struct Piece(float From, float To, float At0, float At1)
    {
        public float Middle => (From + To) / 2;

        public float Length => To - From;
    }
}
