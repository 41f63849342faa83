using System.Runtime.Intrinsics;

namespace MerchantStudio.Core.Learning.Trees;

/// <summary>Sums of the left side at each place where a leaf's rows could be cut, and the search for the best of them, eight at a time.</summary>
/// <remarks>Chen and Guestrin, KDD 2016, equation 7; the bounds as in its library's monotone constraints: a cut against the sign is not allowed.</remarks>
internal ref struct SplitScan
{
    private readonly Span<double> _gradient;
    private readonly Span<double> _hessian;
    private readonly Span<double> _rows;

    /// <param name="room">Three times <see cref="Room"/> numbers.</param>
    public SplitScan(Span<double> room)
    {
        _gradient = room[..Room];
        _hessian = room[Room..(2 * Room)];
        _rows = room[(2 * Room)..];
    }

    /// <summary>Places for every bin, in whole vectors.</summary>
    public const int Room = 256 + 8;

    /// <summary>Cuts written so far.</summary>
    public int Count { get; private set; }

    public void Begin() => Count = 0;

    public void Add(GradientSums left, GradientScale scale)
    {
        _gradient[Count] = scale.Gradient(left);
        _hessian[Count] = scale.Hessian(left);
        _rows[Count++] = scale.Rows(left);
    }

    /// <summary>The cut that gains most, the first of several.</summary>
    /// <param name="moved">Put on the left side of every cut beforehand: the missing rows, or nothing.</param>
    /// <param name="sign">1 or −1 when the right side's value must not be lower or higher than the left's; else 0.</param>
    /// <returns>−1 when none gains more than <paramref name="least"/>.</returns>
    public readonly (int Cut, double Gain) Best(in SplitContext leaf, GradientSums moved, double l2, int sign, double least)
    {
        var scale = leaf.Scale;
        _rows.Slice(Count, Vector512<double>.Count).Fill(double.NegativeInfinity);
        var totalG = Vector512.Create(scale.Gradient(leaf.Total));
        var totalH = Vector512.Create(scale.Hessian(leaf.Total));
        var totalRows = Vector512.Create((double)scale.Rows(leaf.Total));
        var (movedG, movedH, movedRows) = (Vector512.Create(scale.Gradient(moved)), Vector512.Create(scale.Hessian(moved)), Vector512.Create((double)scale.Rows(moved)));
        var (low, high, penalty) = (Vector512.Create(leaf.Low), Vector512.Create(leaf.High), Vector512.Create(l2));
        var minRows = Vector512.Create((double)Math.Max(1, leaf.Options.MinRows));
        var minHessian = Vector512.Create(leaf.Options.MinHessian);
        var parent = Vector512.Create(leaf.Worth(leaf.Total));
        var direction = Vector512.Create((double)sign);
        var bestGain = Vector512.Create(least);
        var bestCut = Vector512.Create(-1.0);
        var cuts = Vector512.Create(0.0, 1, 2, 3, 4, 5, 6, 7);
        for (var cut = 0; cut < Count; cut += Vector512<double>.Count)
        {
            var g = Vector512.Create<double>(_gradient[cut..]) + movedG;
            var h = Vector512.Create<double>(_hessian[cut..]) + movedH;
            var rows = Vector512.Create<double>(_rows[cut..]) + movedRows;
            var (otherG, otherH) = (totalG - g, totalH - h);
            var value = Value(g, h + penalty, low, high);
            var otherValue = Value(otherG, otherH + penalty, low, high);
            var gain = Worth(g, h + penalty, value) + Worth(otherG, otherH + penalty, otherValue) - parent;
            var allowed = Vector512.GreaterThanOrEqual(Vector512.Min(rows, totalRows - rows), minRows)
                & Vector512.GreaterThanOrEqual(Vector512.Min(h, otherH), minHessian)
                & Vector512.GreaterThanOrEqual(direction * (otherValue - value), Vector512<double>.Zero);
            var better = allowed & Vector512.GreaterThan(gain, bestGain);
            bestGain = Vector512.ConditionalSelect(better, gain, bestGain);
            bestCut = Vector512.ConditionalSelect(better, cuts + Vector512.Create((double)cut), bestCut);
        }

        return First(bestGain, bestCut, least);
    }

    private static Vector512<double> Value(Vector512<double> gradient, Vector512<double> hessian, Vector512<double> low, Vector512<double> high) =>
        Vector512.Min(Vector512.Max(-gradient / hessian, low), high);

    private static Vector512<double> Worth(Vector512<double> gradient, Vector512<double> hessian, Vector512<double> value) =>
        -value * ((gradient + gradient) + (hessian * value));

    private static (int Cut, double Gain) First(Vector512<double> gains, Vector512<double> cuts, double least)
    {
        var best = (Cut: -1, Gain: least);
        for (var lane = 0; lane < Vector512<double>.Count; lane++)
        {
            if (cuts[lane] < 0) continue;
            if (best.Cut < 0 || gains[lane] > best.Gain || (gains[lane] == best.Gain && cuts[lane] < best.Cut)) best = ((int)cuts[lane], gains[lane]);
        }

        return best;
    }
}
