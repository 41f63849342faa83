using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Networks;
using MerchantStudio.Core.Learning.Networks.Sequences;
using MerchantStudio.Core.Native.OnnxRuntime;
using Xunit;

namespace MerchantStudio.Tests.Learning.Onnx;

/// <summary>Models of sequences answer in ONNX Runtime as they do here: for short and long histories, empty ones, and ids that they never met.</summary>
public sealed class SequenceOnnxTests
{
    private const int Rows = 10_000;
    private const int Ids = 9;
    private const double Tolerance = 1e-5;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<SequenceReader> Readers => [.. Enum.GetValues<SequenceReader>()];

    [Theory]
    [MemberData(nameof(Readers))]
    public void The_runtime_tells_the_next_step_alike(SequenceReader reader)
    {
        Assert.SkipWhen(OnnxRuntimeLibrary.Version is null, "ONNX Runtime is not offered for this machine.");
        var sequences = UnusualHistories.Of(400, Ids, 3, strange: false);
        var model = new SequenceTrainer(Options(reader)).Train(new ShopperSequences([.. sequences.Where(sequence => sequence.Length > 1)]), new ShopperSequences([.. sequences.Where(sequence => sequence.Length > 2)]), Ids, 1, null, null, Token).Model;
        var histories = UnusualHistories.Of(Rows, Ids, 4, strange: true);
        var theirs = UnusualHistories.Run(model.ToOnnx()!, histories, "score");
        for (var row = 0; row < Rows; row++)
        {
            var (ours, other) = (Softmax(model.Score(histories[row])), Softmax(theirs.AsSpan(row * Ids, Ids)));
            for (var id = 0; id < Ids; id++) Assert.True(Math.Abs(ours[id] - other[id]) <= Tolerance, $"row {row}, id {id + 1}: {ours[id]} here, {other[id]} in the runtime");
        }
    }

    private static SequenceOptions Options(SequenceReader reader) =>
        new(reader, Columns: 16, Blocks: 2, Heads: 2, Length: 8, Dropout: 0.1f, Training: new NetworkTraining(3, BatchSize: 32, Optimizer: new OptimizerOptions(Rate: 0.01)));

    private static double[] Softmax(ReadOnlySpan<float> scores)
    {
        var logits = new double[scores.Length];
        for (var i = 0; i < logits.Length; i++) logits[i] = scores[i];
        Core.Learning.Linear.Softmax.ToLogProbabilities(logits);
        return [.. logits.Select(Math.Exp)];
    }
}
