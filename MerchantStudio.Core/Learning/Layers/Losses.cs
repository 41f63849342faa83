namespace MerchantStudio.Core.Learning.Layers;

/// <summary>Losses and their gradients by what the network says. Each is summed over the rows, weighted, and divided by <c>rows</c>: the rows of the whole batch, whichever share of it comes here.</summary>
internal static unsafe class Losses
{
    /// <summary>-y log σ(z) - (1 - y) log(1 - σ(z)) for one column of log-odds.</summary>
    /// <param name="weights">One a row; empty for 1 each.</param>
    /// <param name="dy">Receives the gradient.</param>
    public static double BinaryCrossEntropy(Tensor logits, ReadOnlySpan<float> targets, ReadOnlySpan<float> weights, int rows, Tensor dy)
    {
        var loss = 0.0;
        for (var row = 0; row < logits.Rows; row++)
        {
            float z = logits.Pointer[row], y = targets[row], weight = Weight(weights, row) / rows;
            loss += weight * (MathF.Max(z, 0) - (z * y) + float.LogP1(MathF.Exp(-MathF.Abs(z))));
            dy.Pointer[row] = weight * ((1 / (1 + MathF.Exp(-z))) - y);
        }

        return loss;
    }

    /// <summary>-log softmax(z) of the row's class.</summary>
    /// <param name="classes">From 0; below 0 the row does not count.</param>
    public static double CrossEntropy(Pass pass, Tensor logits, ReadOnlySpan<int> classes, ReadOnlySpan<float> weights, int rows, Tensor dy)
    {
        var loss = 0.0;
        logits.Span.CopyTo(dy.Span);
        for (var row = 0; row < logits.Rows; row++)
        {
            var at = dy.Pointer + ((long)row * logits.Columns);
            if (classes[row] < 0)
            {
                new Span<float>(at, logits.Columns).Clear();
                continue;
            }

            pass.Kernels.Softmax(at, logits.Columns, logits.Columns);
            var weight = Weight(weights, row) / rows;
            loss -= weight * MathF.Log(MathF.Max(at[classes[row]], float.Epsilon));
            at[classes[row]] -= 1;
            pass.Kernels.Scale(weight, at, logits.Columns);
        }

        return loss;
    }

    /// <summary>(z - y)² / 2.</summary>
    public static double SquaredError(Tensor values, ReadOnlySpan<float> targets, ReadOnlySpan<float> weights, int rows, Tensor dy)
    {
        var loss = 0.0;
        for (var row = 0; row < values.Rows; row++)
        {
            var apart = values.Pointer[row] - targets[row];
            var weight = Weight(weights, row) / rows;
            loss += weight * apart * apart / 2;
            dy.Pointer[row] = weight * apart;
        }

        return loss;
    }

    /// <summary>e^z - y z: the likelihood of counts whose logarithm of the mean is z, without the part that z does not move.</summary>
    public static double Poisson(Tensor logMeans, ReadOnlySpan<float> counts, ReadOnlySpan<float> weights, int rows, Tensor dy)
    {
        var loss = 0.0;
        for (var row = 0; row < logMeans.Rows; row++)
        {
            var mean = MathF.Exp(logMeans.Pointer[row]);
            var weight = Weight(weights, row) / rows;
            loss += weight * (mean - (counts[row] * logMeans.Pointer[row]));
            dy.Pointer[row] = weight * (mean - counts[row]);
        }

        return loss;
    }

    private static float Weight(ReadOnlySpan<float> weights, int row) => weights.IsEmpty ? 1 : weights[row];
}
