using MerchantStudio.Core.Native.OnnxRuntime;

namespace MerchantStudio.Core.Learning.Onnx;

/// <summary>Has ONNX Runtime read sequences by a model's file, as any other program would, and sets its answers beside the studio's.</summary>
public static class SequenceCheck
{
    private const int RowsTogether = 256;

    /// <param name="sequences">Ids of one step or more each; those that the model does not know are compared on too.</param>
    /// <param name="output">Of the file.</param>
    /// <param name="ours">The studio's answers for some sequences, row by row.</param>
    /// <param name="scaled">Brings a row's answers, ours or theirs, to a scale on which differences mean something; they may be changed in place.</param>
    public static ExportCheck Of(byte[] file, IReadOnlyList<int[]> sequences, string output, Func<int[][], float[]> ours, Action<Memory<float>>? scaled, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sequences);
        ArgumentNullException.ThrowIfNull(ours);
        var check = default(ExportCheck);
        if (OnnxRuntimeLibrary.Version is null) return check;
        using var session = new InferenceSession(file, Environment.ProcessorCount);
        foreach (var some in sequences.Chunk(RowsTogether))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (mine, theirs) = (ours(some), session.Run([new OrtInput(SequenceOnnx.Steps, Padded(some), some.Length)], output));
            if (scaled is not null)
            {
                foreach (var answers in (float[][])[mine, theirs])
                {
                    for (var row = 0; row < some.Length; row++) scaled(answers.AsMemory(row * (answers.Length / some.Length), answers.Length / some.Length));
                }
            }

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
}
