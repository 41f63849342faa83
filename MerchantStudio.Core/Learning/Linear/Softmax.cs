namespace MerchantStudio.Core.Learning.Linear;

public static class Softmax
{
    /// <summary>Weights times a sparse row, plus the biases in the last block.</summary>
    public static void Logits(double[] weights, SparseRows rows, int row, Span<double> logits)
    {
        var classes = logits.Length;
        weights.AsSpan(rows.Columns * classes, classes).CopyTo(logits);
        var columns = rows.ColumnsOf(row);
        var values = rows.ValuesOf(row);
        for (var at = 0; at < columns.Length; at++)
        {
            var block = weights.AsSpan(columns[at] * classes, classes);
            for (var k = 0; k < logits.Length; k++) logits[k] += values[at] * block[k];
        }
    }

    /// <summary>Turns logits into log-probabilities in place.</summary>
    public static Span<double> ToLogProbabilities(Span<double> logits)
    {
        var most = double.NegativeInfinity;
        foreach (var logit in logits) most = Math.Max(most, logit);
        double sum = 0;
        foreach (var logit in logits) sum += Math.Exp(logit - most);
        var all = most + Math.Log(sum);
        for (var k = 0; k < logits.Length; k++) logits[k] -= all;
        return logits;
    }
}
