using MerchantStudio.Core.Learning.Kernels;

namespace MerchantStudio.Core.Learning.Collaborative;

/// <summary>The embedding x of one shopper (or item) that solves (α₀ YᵀY + Σ c y yᵀ + λ (Σ c + α₀ n)^ν I) x = Σ c y over what she chose, all n embeddings Y of the other side given.</summary>
/// <remarks>Hu, Koren and Volinsky, Collaborative filtering for implicit feedback datasets, ICDM 2008; the penalty as in Rendle and others, Revisiting the performance of iALS on item recommendation benchmarks, RecSys 2022.</remarks>
internal sealed unsafe class AlsRow(AlsOptions options)
{
    private readonly AlignedNumbers _a = new(options.Factors * options.Factors);
    private readonly AlignedNumbers _x = new(options.Factors);

    /// <param name="gramian">YᵀY.</param>
    /// <param name="others">Y, one embedding after the other.</param>
    /// <param name="chosen">Rows of Y.</param>
    /// <param name="confidences">One for each of <paramref name="chosen"/>.</param>
    /// <returns>x, until the next call.</returns>
    public ReadOnlySpan<float> Solve(AlignedNumbers gramian, AlignedNumbers others, ReadOnlySpan<int> chosen, ReadOnlySpan<float> confidences)
    {
        var (kernels, d) = (KernelSet.Best, options.Factors);
        float* a = _a.Pointer, x = _x.Pointer;
        gramian.Span.CopyTo(_a.Span);
        kernels.Scale((float)options.Unobserved, a, d * d);
        _x.Span.Clear();
        var weight = options.Unobserved * (others.Length / d);
        for (var i = 0; i < chosen.Length; i++)
        {
            var y = others.Pointer + ((long)chosen[i] * d);
            for (var row = 0; row < d; row++) kernels.AddScaled(confidences[i] * y[row], y, a + (row * d), row + 1);   // the lower triangle is enough
            kernels.AddScaled(confidences[i], y, x, d);
            weight += confidences[i];
        }

        var penalty = (float)(options.Penalty * Math.Pow(weight, options.PenaltyPower));
        for (var row = 0; row < d; row++) a[(row * d) + row] += penalty;
        Cholesky(kernels, a, d);
        for (var row = 0; row < d; row++) x[row] = (x[row] - kernels.Dot(a + (row * d), x, row)) / a[(row * d) + row];   // L z = b
        for (var row = d - 1; row >= 0; row--)   // Lᵀ x = z
        {
            x[row] /= a[(row * d) + row];
            kernels.AddScaled(-x[row], a + (row * d), x, row);
        }

        return _x.Span;
    }

    /// <summary>A = L Lᵀ, L in the place of A's lower triangle.</summary>
    private static void Cholesky(KernelSet kernels, float* a, int d)
    {
        for (var row = 0; row < d; row++)
        {
            float* l = a + (row * d);
            for (var column = 0; column < row; column++) l[column] = (l[column] - kernels.Dot(l, a + (column * d), column)) / a[(column * d) + column];
            l[row] = MathF.Sqrt(l[row] - kernels.Dot(l, l, row));
        }
    }
}
