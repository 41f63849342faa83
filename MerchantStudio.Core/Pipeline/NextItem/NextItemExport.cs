using System.Collections.Immutable;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Onnx;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Pipeline.Training;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Pipeline.NextItem;

/// <summary>A model of the next product as an ONNX file for other programs, compared with the studio on the shop's own histories.</summary>
internal sealed class NextItemExport(NextItemModel model)
{
    private const int MostCompared = 10_000;

    /// <summary>Of all products and histories together; a shop of very many products is compared on fewer shoppers.</summary>
    private const int MostScores = 40_000_000;

    public async Task<Outcome<WrittenModel>> WriteAsync(WorkspaceWarehouse warehouse, ModelVersion version, bool eightBit, CancellationToken cancellationToken)
    {
        var inner = model.Inner;
        if (model.ToOnnx(eightBit) is not { } content) return Refusal(version.Task, version.Number, SequenceModels.Families(inner), inner.Ids)!;
        var written = eightBit ? SequenceModels.Rounded(inner)! : inner;
        var histories = await ReadAsync(warehouse, cancellationToken).ConfigureAwait(false);
        var check = SequenceCheck.OfScores(content, written, [.. histories.Take(Math.Min(MostCompared, MostScores / inner.Ids))], cancellationToken);
        return new WrittenModel(content, check, eightBit ? await CostAsync(written, histories, version.Seed, cancellationToken).ConfigureAwait(false) : null);
    }

    /// <summary>Why a model has no form as a file; null where it has one.</summary>
    /// <param name="families">Its own, or those that it blends.</param>
    public static Problem? Refusal(string task, int number, ImmutableArray<string> families, int items) => SequenceModels.Obstacle(families, items) switch
    {
        null => null,
        OnnxObstacle.TooManyItems => new ModelKnowsTooManyItems(task, number, items),
        _ => new ModelSolvesEquations(task, number),
    };

    /// <summary>The shop's histories by the model's ids.</summary>
    private async Task<int[][]> ReadAsync(WorkspaceWarehouse warehouse, CancellationToken cancellationToken)
    {
        if (!await warehouse.HasTableAsync("clean_events", cancellationToken).ConfigureAwait(false)) return [];
        var histories = await ItemHistories.ReadAsync(warehouse, cancellationToken).ConfigureAwait(false);
        return [.. histories.Sequences.Select(history => model.Ids(history.Select(id => histories.Items[id - 1])))];
    }

    /// <summary>On each shopper's last product, as it was judged when it was trained.</summary>
    /// <returns>Null where there are no shoppers with three products that it knows any more.</returns>
    private async Task<RankingRounding?> CostAsync(ISequenceModel rounded, int[][] histories, int seed, CancellationToken cancellationToken)
    {
        var test = ShopperSequences.LeaveOneOut([.. histories.Select(history => SequenceModels.Known(history, model.Inner.Ids))]).Test;
        if (test.Count == 0) return null;
        NextItemFigures Judge(ISequenceModel judged) => NextItemJudge.Of(judged, test, seed, QuietThread.Workers, cancellationToken);
        var (before, after) = await QuietThread.RunAsync(() => (Judge(model.Inner), Judge(rounded))).ConfigureAwait(false);
        return new RankingRounding(model.ToOnnx()!.Length, before.Rows, before.HitRate, after.HitRate, before.Ndcg, after.Ndcg);
    }
}
