using MerchantStudio.Core.Learning.Onnx;
using MerchantStudio.Core.Reviews.Model;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Reviews;

/// <summary>A sentiment model as an ONNX file for other programs, compared with the studio on the shop's own reviews.</summary>
internal static class SentimentExport
{
    private const int MostCompared = 1_000;

    /// <summary>Numbers given to the runtime at once: a review has one for each term that the model knows.</summary>
    private const int MostNumbers = 8_000_000;

    /// <param name="model">A file of the model store.</param>
    /// <returns>The file; how many reviews ONNX Runtime scored, 0 where it is not offered for this machine; the largest difference of a probability.</returns>
    /// <exception cref="InvalidDataException">Not a sentiment model.</exception>
    public static async Task<(byte[] Content, int Compared, double Difference)> WriteAsync(Stream model, WorkspaceWarehouse warehouse, CancellationToken cancellationToken)
    {
        var sentiment = SentimentModel.Load(model);
        var content = sentiment.ToOnnx();
        if (!await warehouse.HasTableAsync("reviews", cancellationToken).ConfigureAwait(false)) return (content, 0, 0);
        var texts = await warehouse.QueryAsync("select text from reviews where text is not null order by import_id, source_line limit $1", row => row.Text(0)!, [MostCompared], cancellationToken).ConfigureAwait(false);
        var (compared, largest) = (0, 0.0);
        foreach (var some in texts.Chunk(Math.Max(1, MostNumbers / Math.Max(1, sentiment.Terms))))
        {
            if (ExportedModel.Numbers(content, sentiment.OnnxInputs(some), some.Length, SentimentOnnx.Output) is not { } theirs) return (content, 0, 0);
            double[] ours = [.. some.SelectMany(sentiment.Probabilities)];
            for (var at = 0; at < ours.Length; at++) largest = Math.Max(largest, Math.Abs(ours[at] - theirs[at]));
            compared += some.Length;
        }

        return (content, compared, largest);
    }
}
