using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Networks;
using MerchantStudio.Core.Learning.Networks.Sequences;
using MerchantStudio.Core.Learning.Onnx;
using MerchantStudio.Core.Native.OnnxRuntime;
using Xunit;

namespace MerchantStudio.Tests.Learning.Onnx;

/// <summary>Models of sequences answer in ONNX Runtime as they do here: for short and long histories, empty ones, and ids that they never met.</summary>
public sealed class SequenceOnnxTests
{
    private const int Rows = 10_000;
    private const int Columns = 14;
    private const int Ids = 9;
    private const double Tolerance = 1e-5;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<SequenceReader> Readers => [.. Enum.GetValues<SequenceReader>()];

    [Theory]
    [MemberData(nameof(Readers))]
    public void The_runtime_tells_the_next_step_alike(SequenceReader reader)
    {
        Assert.SkipWhen(OnnxRuntimeLibrary.Version is null, "ONNX Runtime is not offered for this machine.");
        var (sequences, _) = Histories(400, 3, strange: false);
        var model = new SequenceTrainer(Options(reader)).Train(new ShopperSequences([.. sequences.Where(sequence => sequence.Length > 1)]), new ShopperSequences([.. sequences.Where(sequence => sequence.Length > 2)]), Ids, 1, null, null, Token).Model;
        var (histories, steps) = Histories(Rows, 4, strange: true);
        var theirs = Run(model.ToOnnx()!, steps, "score");
        for (var row = 0; row < Rows; row++)
        {
            var (ours, other) = (Softmax(model.Score(histories[row])), Softmax(theirs.AsSpan(row * Ids, Ids)));
            for (var id = 0; id < Ids; id++) Assert.True(Math.Abs(ours[id] - other[id]) <= Tolerance, $"row {row}, id {id + 1}: {ours[id]} here, {other[id]} in the runtime");
        }
    }

    [Theory]
    [MemberData(nameof(Readers))]
    public void The_runtime_tells_how_a_session_ends_alike(SequenceReader reader)
    {
        Assert.SkipWhen(OnnxRuntimeLibrary.Version is null, "ONNX Runtime is not offered for this machine.");
        var (sequences, _) = Histories(400, 5, strange: false);
        var y = sequences.Select(sequence => sequence.LastOrDefault() > 4 ? 1f : 0f).ToArray();
        var training = new ShopperSequences(sequences);
        var model = new SessionOutcomeTrainer(Options(reader)).Train(training, y, training, y, Ids, 1, null, null, Token).Model;
        var (histories, steps) = Histories(Rows, 6, strange: true);
        var theirs = Run(model.ToOnnx(), steps, "probability");
        var ours = histories.Select(history => model.Score(history)).ToArray();
        Assert.True(ours.Distinct().Count() > 100);
        for (var row = 0; row < Rows; row++) Assert.True(Math.Abs(ours[row] - theirs[row]) <= Tolerance, $"row {row}: {ours[row]} here, {theirs[row]} in the runtime");
    }

    private static SequenceOptions Options(SequenceReader reader) =>
        new(reader, Columns: 16, Blocks: 2, Heads: 2, Length: 8, Dropout: 0.1f, Training: new NetworkTraining(3, BatchSize: 32, Optimizer: new OptimizerOptions(Rate: 0.01)));

    /// <summary>Histories of 0 to 14 steps, and the same as rows of a matrix with 0 before the first.</summary>
    /// <param name="strange">Whether ids come in that no model knows.</param>
    private static (int[][] Histories, long[] Steps) Histories(int rows, ulong seed, bool strange)
    {
        var random = new SeededRandom(seed);
        int[][] histories = [.. Enumerable.Range(0, rows).Select(_ => Enumerable.Range(0, random.NextInt(Columns + 1)).Select(_ => strange && random.NextInt(6) == 0 ? 77 : 1 + random.NextInt(Ids)).ToArray())];
        return (histories, [.. histories.SelectMany(history => new long[Columns - history.Length].Concat(history.Select(id => (long)id)))]);
    }

    private static float[] Run(byte[] file, long[] steps, string output)
    {
        using var session = new InferenceSession(file, threads: 2);
        return session.Run([new OrtInput(SequenceOnnx.Steps, steps, Rows)], output);
    }

    private static double[] Softmax(ReadOnlySpan<float> scores)
    {
        var logits = new double[scores.Length];
        for (var i = 0; i < logits.Length; i++) logits[i] = scores[i];
        Core.Learning.Linear.Softmax.ToLogProbabilities(logits);
        return [.. logits.Select(Math.Exp)];
    }
}
