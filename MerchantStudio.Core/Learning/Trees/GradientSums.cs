using System.Numerics;

namespace MerchantStudio.Core.Learning.Trees;

/// <summary>
/// First and second derivatives of some rows and how many rows they are, as whole numbers. Whole numbers add up to the same bits in any order, so neither the
/// number of threads nor the difference of two histograms changes a model.
/// </summary>
/// <param name="Gradient">Sum of first derivatives, in units of <see cref="GradientScale.GradientUnit"/>.</param>
/// <param name="Packed">Sum of second derivatives, in units of <see cref="GradientScale.HessianUnit"/>, above the lowest <see cref="GradientScale.CountBits"/> bits, which count rows.</param>
internal readonly record struct GradientSums(long Gradient, ulong Packed)
{
    public static GradientSums operator +(GradientSums a, GradientSums b) => new(a.Gradient + b.Gradient, a.Packed + b.Packed);

    public static GradientSums operator -(GradientSums a, GradientSums b) => new(a.Gradient - b.Gradient, a.Packed - b.Packed);
}

/// <summary>
/// What the whole numbers of one round stand for. The largest derivative takes 30 bits; second derivatives share 64 bits with the count, which leaves 30 bits up to
/// 100 thousand rows, 24 at a million, 16 at ten million.
/// </summary>
internal readonly record struct GradientScale
{
    private const int GradientBits = 30;

    public GradientScale(int rows, float largestGradient, float largestHessian)
    {
        CountBits = 32 - BitOperations.LeadingZeroCount((uint)rows);
        GradientUnit = Unit(largestGradient, GradientBits);
        HessianUnit = Unit(largestHessian, Math.Min(GradientBits, 64 - (2 * CountBits)));
    }

    public int CountBits { get; }

    /// <summary>A power of two, so that nothing is rounded twice.</summary>
    public double GradientUnit { get; }

    public double HessianUnit { get; }

    /// <summary>One row's derivatives; the inverse of a power of two is exact.</summary>
    public GradientSums Of(float gradient, float hessian) =>
        new((long)Math.Round(gradient * (1 / GradientUnit)), ((ulong)Math.Round(hessian * (1 / HessianUnit)) << CountBits) | 1);

    public double Gradient(GradientSums sums) => sums.Gradient * GradientUnit;

    public double Hessian(GradientSums sums) => (sums.Packed >> CountBits) * HessianUnit;

    public int Rows(GradientSums sums) => (int)(sums.Packed & ((1UL << CountBits) - 1));

    private static double Unit(float largest, int bits) => largest > 0 ? Math.ScaleB(1, Math.ILogB(largest) + 1 - bits) : 1;
}
