using MerchantStudio.Core.Learning.Evaluation;
using MerchantStudio.Core.Learning.Onnx;

namespace MerchantStudio.Core.Pipeline;

/// <summary>A model's file before it is handed out.</summary>
internal sealed record WrittenModel(byte[] Content, ExportCheck Check, RoundingCost? Rounding = null);

/// <summary>A network with its weights as 8-bit numbers beside itself, on the rows that it was judged on.</summary>
/// <param name="Bytes">Of the file with all digits.</param>
/// <param name="Rows">Shoppers or visits.</param>
public abstract record RoundingCost(long Bytes, int Rows);

/// <summary>Of a network that tells the next product.</summary>
/// <param name="HitRateBefore">Share of shoppers whose next product was among the first ten.</param>
/// <param name="NdcgBefore">NDCG@10.</param>
public sealed record RankingRounding(long Bytes, int Rows, double HitRateBefore, double HitRate, double NdcgBefore, double Ndcg) : RoundingCost(Bytes, Rows);

/// <summary>Of a network that tells a chance.</summary>
/// <param name="LargestChange">Of a row's chance, 0 to 1.</param>
public sealed record ChanceRounding(long Bytes, int Rows, double LogLossBefore, double LogLoss, double AurocBefore, double Auroc, double LargestChange) : RoundingCost(Bytes, Rows)
{
    /// <param name="y">1 where it came true, else 0.</param>
    internal static ChanceRounding Of(long bytes, float[] before, float[] after, ReadOnlySpan<float> y) => new(
        bytes, before.Length, BinaryMetrics.LogLoss(before, y), BinaryMetrics.LogLoss(after, y), BinaryMetrics.Auroc(before, y), BinaryMetrics.Auroc(after, y),
        before.Zip(after, (a, b) => Math.Abs((double)a - b)).DefaultIfEmpty().Max());
}
