namespace MerchantStudio.Core.Learning.Gaussian;

/// <summary>Weighted means and covariances of the inputs within each class; what is learnt from few rows is drawn towards the mean and spread of all.</summary>
internal sealed class GaussianMoments
{
    /// <summary>Above it each input has a variance only: covariances would be many more than rows.</summary>
    public const int MostCoupled = 150;

    /// <summary>Rows of no class and mean values that each class is met with beforehand.</summary>
    private const double Beforehand = 1;

    private readonly double[] _rows;
    private readonly double[][] _means;
    private readonly double[][,] _covariances;

    private GaussianMoments(double halfLife, double[] rows, double[][] means, double[][,] covariances) => (HalfLife, _rows, _means, _covariances) = (halfLife, rows, means, covariances);

    public double HalfLife { get; }

    /// <param name="design">One array of rows for each input, mean 0.</param>
    /// <param name="x">For its rows' weights, and their ages unless <paramref name="halfLife"/> is 0.</param>
    /// <param name="youngest">The age at which a row counts once.</param>
    public static GaussianMoments Of(double[][] design, ReadOnlySpan<float> y, FeatureMatrix x, double youngest, double halfLife)
    {
        var rows = new double[2];
        var weights = new double[y.Length];
        for (var row = 0; row < weights.Length; row++)
        {
            weights[row] = (x.Weights.IsEmpty ? 1 : x.Weights[row]) * (halfLife > 0 ? Math.Pow(0.5, (x.Ages[row] - youngest) / halfLife) : 1);
            rows[Class(y[row])] += weights[row];
        }

        double[][] means = [new double[design.Length], new double[design.Length]];
        for (var input = 0; input < design.Length; input++)
        {
            for (var row = 0; row < weights.Length; row++) means[Class(y[row])][input] += weights[row] * design[input][row];
            foreach (var of in (int[])[0, 1]) means[of][input] /= rows[of] + Beforehand;
        }

        return new GaussianMoments(halfLife, rows, means, Covariances(design, y, weights, rows, means));
    }

    /// <summary>Log-odds of yes as a quadratic function of the inputs.</summary>
    public Discriminant Discriminant(double ownShare, double ridge)
    {
        var inputs = _means[0].Length;
        var shares = Array.ConvertAll(_rows, rows => rows / _rows.Sum());
        var precisions = new double[2][,];
        var logDeterminants = new double[2];
        for (var of = 0; of < 2; of++)
        {
            var covariance = new double[_covariances[0].GetLength(0), _covariances[0].GetLength(1)];
            for (var i = 0; i < covariance.GetLength(0); i++)
            {
                for (var j = 0; j < covariance.GetLength(1); j++)
                {
                    var shared = (shares[0] * _covariances[0][i, j]) + (shares[1] * _covariances[1][i, j]);
                    var one = (ownShare * _covariances[of][i, j]) + ((1 - ownShare) * shared);
                    covariance[i, j] = i == j || IsDiagonal ? one : (1 - ridge) * one;
                }
            }

            (precisions[of], logDeterminants[of]) = IsDiagonal ? InverseOfDiagonal(covariance) : SymmetricInverse.Of(covariance);
        }

        var quadratic = new double[_covariances[0].GetLength(0), _covariances[0].GetLength(1)];
        for (var i = 0; i < quadratic.GetLength(0); i++)
        {
            for (var j = 0; j < quadratic.GetLength(1); j++) quadratic[i, j] = (precisions[0][i, j] - precisions[1][i, j]) / 2;
        }

        var linear = new double[inputs];
        var constant = BinaryModels.Logit(shares[1]) + ((logDeterminants[0] - logDeterminants[1]) / 2);
        for (var of = 0; of < 2; of++)
        {
            var sign = of == 1 ? 1 : -1;
            var slopes = Times(precisions[of], _means[of]);
            for (var input = 0; input < inputs; input++)
            {
                linear[input] += sign * slopes[input];
                constant -= sign * slopes[input] * _means[of][input] / 2;
            }
        }

        return new Discriminant(constant, linear, ownShare == 0 ? new double[0, 0] : quadratic);
    }

    private bool IsDiagonal => _covariances[0].GetLength(0) == 1;

    private static int Class(float label) => label > 0.5f ? 1 : 0;

    /// <returns>By inputs and inputs, or one row of variances.</returns>
    private static double[][,] Covariances(double[][] design, ReadOnlySpan<float> y, double[] weights, double[] rows, double[][] means)
    {
        var inputs = design.Length;
        var coupled = inputs is > 1 and <= MostCoupled;
        double[][,] covariances = [new double[coupled ? inputs : 1, inputs], new double[coupled ? inputs : 1, inputs]];
        var of = new int[y.Length];
        for (var row = 0; row < of.Length; row++) of[row] = Class(y[row]);
        for (var i = 0; i < inputs; i++)
        {
            double spread = 0;
            foreach (var value in design[i]) spread += value * value / design[i].Length;
            for (var j = coupled ? 0 : i; j <= i; j++)
            {
                var sums = new double[2];
                for (var row = 0; row < of.Length; row++) sums[of[row]] += weights[row] * (design[i][row] - means[of[row]][i]) * (design[j][row] - means[of[row]][j]);
                for (var k = 0; k < 2; k++)
                {
                    var covariance = (sums[k] + (i == j ? Beforehand * spread : 0)) / (rows[k] + Beforehand);
                    if (!coupled) covariances[k][0, i] = covariance;
                    else covariances[k][i, j] = covariances[k][j, i] = covariance;
                }
            }
        }

        return covariances;
    }

    private static (double[,] Inverse, double LogDeterminant) InverseOfDiagonal(double[,] variances)
    {
        var inverse = new double[1, variances.Length];
        var logDeterminant = 0.0;
        for (var i = 0; i < variances.Length; i++)
        {
            inverse[0, i] = 1 / variances[0, i];
            logDeterminant += Math.Log(variances[0, i]);
        }

        return (inverse, logDeterminant);
    }

    private double[] Times(double[,] matrix, double[] vector)
    {
        var product = new double[vector.Length];
        for (var i = 0; i < product.Length; i++)
        {
            if (IsDiagonal) product[i] = matrix[0, i] * vector[i];
            else for (var j = 0; j < vector.Length; j++) product[i] += matrix[i, j] * vector[j];
        }

        return product;
    }
}
