using System.Collections.Immutable;
using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Collaborative;
using MerchantStudio.Core.Learning.Networks;
using MerchantStudio.Core.Learning.Networks.Sequences;
using MerchantStudio.Core.Learning.Onnx;
using MerchantStudio.Core.Native.OnnxRuntime;
using Xunit;

namespace MerchantStudio.Tests.Learning.Onnx;

/// <summary>Models of the next step answer in ONNX Runtime as they do here: for short and long histories, empty ones, and ids that they never met.</summary>
public sealed class SequenceOnnxTests
{
    private const int Rows = 10_000;
    private const int Ids = 9;
    private const double Tolerance = 1e-5;

    private static readonly ImmutableArray<string> Names = [.. Enumerable.Range(1, Ids).Select(id => $"i{id}")];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<SequenceReader> Readers => [.. Enum.GetValues<SequenceReader>()];

    [Theory]
    [MemberData(nameof(Readers))]
    public void The_runtime_tells_a_network_s_next_step_alike(SequenceReader reader)
    {
        var model = Network(reader);
        Compare(model, (_, scores) => Softmax(scores));
    }

    [Theory]
    [InlineData("popularity")]
    [InlineData("item-knn")]
    [InlineData("blend")]
    public void The_runtime_scores_by_counts_and_neighbours_alike(string family) => Compare(Counting(family), (ours, scores) =>
    {
        var largest = Math.Max(1e-9, ours.Max(Math.Abs));
        return [.. scores.ToArray().Select(score => score / largest)];
    });

    [Fact]
    public void A_model_that_solves_equations_or_knows_too_many_items_has_no_form_alone_or_in_a_blend()
    {
        var factors = new AlsTrainer(new AlsOptions(Factors: 4)).Train(new ShopperSequences(Sequences()), Ids, 1, Token);
        Assert.Null(SequenceModels.ToOnnx(factors, Names));
        Assert.Null(SequenceModels.ToOnnx(Blend(Counting("item-knn"), factors), Names));
        Assert.Equal(OnnxObstacle.SolvesEquations, SequenceModels.Obstacle(["gru", "ials"], Ids));
        Assert.Equal(OnnxObstacle.TooManyItems, SequenceModels.Obstacle(["item-knn", "gru"], NeighbourModel.MostWritten + 1));
        Assert.Null(SequenceModels.Obstacle(["item-knn", "gru"], NeighbourModel.MostWritten));
        Assert.Null(SequenceModels.Obstacle(["gru"], 20_000));
    }

    [Fact]
    public void A_difference_that_is_no_number_is_kept()
    {
        var check = default(ExportCheck).With(2, [0.5f, 0.25f], [0.5f, 0.5f]);
        Assert.Equal(new ExportCheck(2, 0.25), check);
        Assert.Equal(new ExportCheck(4, double.NaN), check.With(1, [0.5f], [float.NaN]).With(1, [0], [1]));
        Assert.Throws<ArgumentException>(() => check.With(1, [0.5f], []));
    }

    /// <param name="scaled">The studio's scores of a row, and those to be brought to a scale.</param>
    private static void Compare(ISequenceModel model, Func<float[], ReadOnlySpan<float>, double[]> scaled)
    {
        Assert.SkipWhen(OnnxRuntimeLibrary.Version is null, "ONNX Runtime is not offered for this machine.");
        var histories = UnusualHistories.Of(Rows, Ids, 4, strange: true);
        var file = SequenceModels.ToOnnx(model, Names)!;
        Assert.Equal(Names, UnusualHistories.Listed(file, "items"));
        var theirs = UnusualHistories.Run(file, histories, SequenceOnnx.Score);
        for (var row = 0; row < Rows; row++)
        {
            var scores = model.Score(histories[row]);
            var (ours, other) = (scaled(scores, scores), scaled(scores, theirs.AsSpan(row * Ids, Ids)));
            for (var id = 0; id < Ids; id++) Assert.True(Math.Abs(ours[id] - other[id]) <= Tolerance, $"row {row}, id {id + 1}: {ours[id]} here, {other[id]} in the runtime");
        }

        Assert.InRange(SequenceCheck.OfScores(file, model, histories[..1_000], Token).Difference, 0, Tolerance);
    }

    private static int[][] Sequences() => [.. UnusualHistories.Of(400, Ids, 3, strange: false).Where(sequence => sequence.Length > 2)];

    private static ISequenceModel Network(SequenceReader reader)
    {
        var options = new SequenceOptions(reader, Columns: 16, Blocks: 2, Heads: 2, Length: 8, Dropout: 0.1f, Training: new NetworkTraining(3, BatchSize: 32, Optimizer: new OptimizerOptions(Rate: 0.01)));
        return new SequenceTrainer(options).Train(new ShopperSequences(Sequences()), new ShopperSequences(Sequences()), Ids, 1, null, null, Token).Model;
    }

    private static ISequenceModel Counting(string family) => family switch
    {
        "popularity" => PopularityTrainer.Train(new ShopperSequences(Sequences()), Ids),
        "item-knn" => new NeighbourTrainer().Train(new ShopperSequences(Sequences()), Ids, Token),
        _ => Blend(Counting("item-knn"), Network(SequenceReader.Gru)),
    };

    private static ISequenceModel Blend(params ImmutableArray<ISequenceModel> parts) =>
        new BlendTrainer().Train(parts, new ShopperSequences(Sequences()), [.. Enumerable.Range(1, Ids).Select(place => 1.0 / place)], 1, Token).Model;

    private static double[] Softmax(ReadOnlySpan<float> scores)
    {
        var logits = new double[scores.Length];
        for (var i = 0; i < logits.Length; i++) logits[i] = scores[i];
        Core.Learning.Linear.Softmax.ToLogProbabilities(logits);
        return [.. logits.Select(Math.Exp)];
    }
}
