namespace MerchantStudio.Core.Learning.Trees;

/// <summary>The best way found to part a leaf's rows.</summary>
/// <param name="Gain">How much twice the regularised loss falls.</param>
/// <param name="Column">Index into the matrix; −1 when no split is allowed.</param>
/// <param name="Bin">Numbers: bins up to this one go left.</param>
/// <param name="LeftBins">Categories: whether each bin goes left; null for numbers.</param>
internal readonly record struct Split(double Gain, int Column, int Bin, bool[]? LeftBins, bool MissingLeft, GradientSums Left)
{
    public static Split None { get; } = new(0, -1, 0, null, false, default);

    /// <summary>For each bin of the column, the missing one included, 1 when it goes left, else 0.</summary>
    public byte[] Route(int missingBin)
    {
        var route = new byte[256];
        for (var bin = 0; bin < missingBin; bin++) route[bin] = (byte)(LeftBins?[bin] ?? bin <= Bin ? 1 : 0);
        route[missingBin] = (byte)(MissingLeft ? 1 : 0);
        return route;
    }
}

/// <summary>The leaf whose split is looked for.</summary>
/// <param name="Low">Least leaf value that monotone columns above allow.</param>
/// <param name="High">Greatest leaf value that they allow.</param>
internal readonly record struct SplitContext(GradientSums Total, GradientScale Scale, double Low, double High, TreesOptions Options)
{
    /// <summary>The leaf value that lowers the regularised loss most, within the bounds: −G / (H + λ).</summary>
    /// <remarks>Chen and Guestrin, KDD 2016, equation 5.</remarks>
    public double Value(GradientSums sums) => Math.Clamp(-Scale.Gradient(sums) / (Scale.Hessian(sums) + Options.L2), Low, High);

    /// <summary>By how much the value lowers twice the loss; G² / (H + λ) when no bound holds it.</summary>
    public double Worth(GradientSums sums)
    {
        var value = Value(sums);
        return -((2 * Scale.Gradient(sums) * value) + ((Scale.Hessian(sums) + Options.L2) * value * value));
    }
}
