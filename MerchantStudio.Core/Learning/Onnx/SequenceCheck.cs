using MerchantStudio.Core.Learning.Linear;
using MerchantStudio.Core.Native.OnnxRuntime;

namespace MerchantStudio.Core.Learning.Onnx;

/// <summary>Has ONNX Runtime read sequences by a model's file, as any other program would, and sets its answers beside the studio's. Ids that the model does not know are compared on too.</summary>
public static class SequenceCheck
{
    private const int RowsTogether = 256;

    /// <summary>Of rows and columns together: one very long sequence makes a matrix wide.</summary>
    private const int MostSteps = 100_000;

    private delegate void Scaling(Span<float> ours, Span<float> theirs);

    /// <param name="sequences">Each of one id or more that the model knows.</param>
    /// <param name="ours">The studio's chances of some sequences.</param>
    public static ExportCheck OfChances(byte[] file, IReadOnlyList<int[]> sequences, Func<int[][], float[]> ours, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sequences);
        ArgumentNullException.ThrowIfNull(ours);
        return Of(file, sequences, BinaryModels.OnnxOutput, ours, (_, _) => { }, cancellationToken);
    }

    /// <summary>A network's scores become shares of all items, by a softmax, as it was trained; those of other models are taken beside the studio's largest of the same history.</summary>
    public static ExportCheck OfScores(byte[] file, ISequenceModel model, IReadOnlyList<int[]> histories, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(histories);
        return Of(file, histories, SequenceOnnx.Score, some => [.. some.SelectMany(history => model.Score(history))], model is Networks.Sequences.SequenceModel ? Shares : BesideLargest, cancellationToken);
    }

    private static ExportCheck Of(byte[] file, IReadOnlyList<int[]> sequences, string output, Func<int[][], float[]> ours, Scaling scale, CancellationToken cancellationToken)
    {
        var check = default(ExportCheck);
        if (OnnxRuntimeLibrary.Version is null) return check;
        using var session = new InferenceSession(file, Environment.ProcessorCount);
        var longest = sequences.Select(sequence => sequence.Length).Append(1).Max();
        foreach (var some in sequences.Chunk(Math.Clamp(MostSteps / longest, 1, RowsTogether)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (mine, theirs) = (ours(some), session.Run([new OrtInput(SequenceOnnx.Steps, Padded(some), some.Length)], output));
            var columns = mine.Length / some.Length;
            for (var at = 0; at < mine.Length && theirs.Length == mine.Length; at += columns) scale(mine.AsSpan(at, columns), theirs.AsSpan(at, columns));
            check = check.With(some.Length, mine, theirs);
        }

        return check;
    }

    /// <summary>As many columns as the longest has steps, 0 before the first step of the others.</summary>
    private static long[] Padded(int[][] sequences)
    {
        var width = sequences.Max(sequence => sequence.Length);
        return [.. sequences.SelectMany(sequence => new long[width - sequence.Length].Concat(sequence.Select(id => (long)id)))];
    }

    private static void Shares(Span<float> ours, Span<float> theirs)
    {
        Share(ours);
        Share(theirs);
    }

    private static void Share(Span<float> scores)
    {
        var logits = new double[scores.Length];
        for (var id = 0; id < logits.Length; id++) logits[id] = scores[id];
        Softmax.ToLogProbabilities(logits);
        for (var id = 0; id < logits.Length; id++) scores[id] = (float)Math.Exp(logits[id]);
    }

    private static void BesideLargest(Span<float> ours, Span<float> theirs)
    {
        var largest = 0f;
        foreach (var score in ours) largest = Math.Max(largest, Math.Abs(score));
        if (largest == 0) return;
        for (var id = 0; id < ours.Length; id++) (ours[id], theirs[id]) = (ours[id] / largest, theirs[id] / largest);
    }
}
