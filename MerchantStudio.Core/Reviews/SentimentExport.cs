using MerchantStudio.Core.Learning.Onnx;
using MerchantStudio.Core.Reviews.Model;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Reviews;

/// <summary>A sentiment model as an ONNX file for other programs, compared with the studio on the shop's own reviews.</summary>
public sealed class SentimentExport
{
    private const int MostCompared = 1_000;

    /// <summary>Numbers given to the runtime at once: a review has one for each term that the model knows.</summary>
    private const int MostNumbers = 8_000_000;

    private readonly SentimentModel _model;

    private SentimentExport(SentimentModel model) => _model = model;

    /// <param name="model">A file of the model store.</param>
    /// <exception cref="InvalidDataException">Not a sentiment model.</exception>
    public static SentimentExport Of(Stream model) => new(SentimentModel.Load(model));

    /// <returns>The file, and the largest difference of a probability over the reviews that it was compared on.</returns>
    public async Task<(byte[] Content, ExportCheck Check)> WriteAsync(WorkspaceWarehouse warehouse, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(warehouse);
        var content = _model.ToOnnx();
        if (!await warehouse.HasTableAsync("reviews", cancellationToken).ConfigureAwait(false)) return (content, default);
        var texts = await warehouse.QueryAsync("select text from reviews where text is not null order by import_id, source_line limit $1", row => row.Text(0)!, [MostCompared], cancellationToken).ConfigureAwait(false);
        var check = default(ExportCheck);
        foreach (var some in texts.Chunk(Math.Max(1, MostNumbers / Math.Max(1, _model.Terms))))
        {
            if (ExportedModel.Numbers(content, _model.OnnxInputs(some), some.Length, SentimentOnnx.Output) is not { } theirs) return (content, default);
            check = check.With(some.Length, [.. some.SelectMany(_model.Probabilities).Select(probability => (float)probability)], theirs);
        }

        return (content, check);
    }
}
