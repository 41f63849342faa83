namespace MerchantStudio.Core.Learning.Onnx;

/// <summary>What ONNX Runtime answered by a model's file beside the studio itself.</summary>
/// <param name="Compared">Rows; 0 where the runtime is not offered for this machine or there is nothing to try the file on yet.</param>
/// <param name="Difference">The largest between an answer of the runtime and ours; NaN where one of both is no number.</param>
public readonly record struct ExportCheck(int Compared, double Difference)
{
    /// <summary>With the answers on some more rows.</summary>
    /// <exception cref="ArgumentException">There are not as many of both.</exception>
    public ExportCheck With(int rows, ReadOnlySpan<float> ours, ReadOnlySpan<float> theirs)
    {
        if (ours.Length != theirs.Length) throw new ArgumentException($"The file gave {theirs.Length} answers, the studio {ours.Length}.", nameof(theirs));
        var largest = Difference;
        for (var at = 0; at < ours.Length; at++) largest = Math.Max(largest, Math.Abs((double)ours[at] - theirs[at]));   // unlike Enumerable.Max it keeps NaN
        return new ExportCheck(Compared + rows, largest);
    }
}
