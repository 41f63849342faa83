namespace MerchantStudio.Core.Learning.Gaussian;

/// <summary>The inverse of a positive definite matrix by Cholesky's decomposition.</summary>
internal static class SymmetricInverse
{
    public static (double[,] Inverse, double LogDeterminant) Of(double[,] matrix)
    {
        var n = matrix.GetLength(0);
        var (lower, logDeterminant) = (new double[n, n], 0.0);
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var sum = matrix[i, j];
                for (var k = 0; k < j; k++) sum -= lower[i, k] * lower[j, k];
                lower[i, j] = i == j ? Math.Sqrt(sum) : sum / lower[j, j];
            }

            logDeterminant += 2 * Math.Log(lower[i, i]);
        }

        var inverse = new double[n, n];
        var column = new double[n];
        for (var of = 0; of < n; of++)
        {
            for (var i = 0; i < n; i++)
            {
                var sum = i == of ? 1.0 : 0;
                for (var k = of; k < i; k++) sum -= lower[i, k] * column[k];
                column[i] = i < of ? 0 : sum / lower[i, i];
            }

            for (var i = n - 1; i >= 0; i--)
            {
                for (var k = i + 1; k < n; k++) column[i] -= lower[k, i] * inverse[k, of];
                inverse[i, of] = column[i] / lower[i, i];
            }
        }

        return (inverse, logDeterminant);
    }
}
