using System.Collections.Immutable;
using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Evaluation;
using MerchantStudio.Core.Learning.Networks;
using MerchantStudio.Core.Learning.Networks.Sequences;
using MerchantStudio.Core.Learning.Networks.Tables;
using MerchantStudio.Core.Learning.Onnx;
using MerchantStudio.Core.Native.OnnxRuntime;
using Xunit;

namespace MerchantStudio.Tests.Learning.Onnx;

public sealed class EightBitTests
{
    private const int Rows = 2_000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Each_channel_has_a_step_of_its_own_and_zero_stays_zero()
    {
        var (codes, steps) = EightBit.Of([1.27f, 0, -254, 0.5f, 0, 100], channels: 3, stride: 1);
        Assert.Equal([0.01f, 1, 2], steps);
        Assert.Equal([127, 0, -127, 50, 0, 50], codes.Select(code => (int)code));
        (codes, steps) = EightBit.Of([1.27f, 0, -254, 0.5f], channels: 2, stride: 2);
        Assert.Equal([0.01f, 2], steps);
        Assert.Equal([127, 0, -127, 0], codes.Select(code => (int)code));
    }

    [Fact]
    public void A_perceptron_s_file_is_smaller_computes_as_the_rounded_model_and_tells_buyers_nearly_as_well()
    {
        Assert.SkipWhen(OnnxRuntimeLibrary.Version is null, "ONNX Runtime is not offered for this machine.");
        var (x, y) = LearningWorld.Shoppers(3_000, 1);
        var (testX, testY) = LearningWorld.Shoppers(Rows, 2);
        var model = (MlpModel)new MlpTrainer(new MlpOptions([128, 64], Training: new NetworkTraining(5, 64, Optimizer: new OptimizerOptions(Rate: 0.01)))).Train(x, y, x, y, 1, null, Token).Value.Model;
        var (whole, small) = (BinaryModels.ToOnnx(model, null)!, BinaryModels.ToOnnx(model, null, eightBit: true)!);
        Assert.True(small.Length < 0.45 * whole.Length, $"{small.Length} of {whole.Length} bytes");
        var rounded = model.Rounded();
        var (before, after) = (model.Score(testX), rounded.Score(testX));
        var theirs = Run(small, testX);
        for (var row = 0; row < Rows; row++) Assert.True(Math.Abs(after[row] - theirs[row]) <= 1e-5, $"row {row}: {after[row]} here, {theirs[row]} in the runtime");
        Assert.NotEqual(before, after);
        Assert.Equal(BinaryMetrics.LogLoss(before, testY), BinaryMetrics.LogLoss(after, testY), 0.005);
        Assert.Equal(BinaryMetrics.Auroc(before, testY), BinaryMetrics.Auroc(after, testY), 0.005);
    }

    [Theory]
    [InlineData(SequenceReader.SelfAttention)]
    [InlineData(SequenceReader.Gru)]
    [InlineData(SequenceReader.Lstm)]
    [InlineData(SequenceReader.Cnn)]
    public void Networks_over_sequences_are_written_with_8_bit_numbers_alike(SequenceReader reader)
    {
        Assert.SkipWhen(OnnxRuntimeLibrary.Version is null, "ONNX Runtime is not offered for this machine.");
        const int Ids = 40;
        var random = new SeededRandom(5);
        int[][] histories = [.. Enumerable.Range(0, 300).Select(_ => Enumerable.Range(0, 3 + random.NextInt(6)).Select(_ => 1 + random.NextInt(Ids)).ToArray())];
        var (training, y) = (new ShopperSequences(histories), histories.Select(history => history[^1] > Ids / 2 ? 1f : 0f).ToArray());
        var options = new SequenceOptions(reader, Columns: 32, Blocks: 2, Heads: 2, Length: 8, Training: new NetworkTraining(2, BatchSize: 32, Optimizer: new OptimizerOptions(Rate: 0.01)));
        var next = new SequenceTrainer(options).Train(training, training, Ids, 1, null, null, Token).Model;
        var outcome = new SessionOutcomeTrainer(options).Train(training, y, training, y, Ids, 1, null, null, Token).Model;
        ImmutableArray<string> names = [.. Enumerable.Range(1, Ids).Select(id => $"k{id}")];
        var (whole, small) = (SequenceModels.ToOnnx(next, names)!, SequenceModels.ToOnnx(next, names, eightBit: true)!);
        Assert.True(small.Length < 0.55 * whole.Length, $"{small.Length} of {whole.Length} bytes");
        var steps = histories.SelectMany(history => new long[9 - history.Length].Concat(history.Select(id => (long)id))).ToArray();
        using var nextSession = new InferenceSession(small, threads: 1);
        using var outcomeSession = new InferenceSession(outcome.ToOnnx(names, null, eightBit: true), threads: 1);
        var (scores, chances) = (nextSession.Run([new OrtInput(SequenceOnnx.Steps, steps, histories.Length)], "score"), outcomeSession.Run([new OrtInput(SequenceOnnx.Steps, steps, histories.Length)], "probability"));
        var (roundedNext, roundedOutcome) = (SequenceModels.Rounded(next)!, outcome.Rounded());
        for (var row = 0; row < histories.Length; row++)
        {
            Assert.Equal(roundedOutcome.Score(histories[row]), chances[row], 1e-5);
            Assert.Equal(outcome.Score(histories[row]), chances[row], 0.05);
            var ours = roundedNext.Score(histories[row]);
            for (var id = 0; id < Ids; id++) Assert.Equal(ours[id], scores[(row * Ids) + id], 1e-4);
        }
    }

    private static float[] Run(byte[] file, FeatureMatrix x)
    {
        using var session = new InferenceSession(file, threads: 1);
        string[] colours = [.. Enumerable.Range(0, x.Rows).Select(row => x.Columns[1].Categories[(int)x[row, 1]])];
        return session.Run([new OrtInput(OnnxInputs.Numbers, OnnxInputs.RowByRow(x), x.Rows), new OrtInput("colour", colours, x.Rows)], BinaryModels.OnnxOutput);
    }
}
