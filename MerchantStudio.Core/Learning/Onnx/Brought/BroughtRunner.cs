using System.Runtime.InteropServices;
using MerchantStudio.Core.Native.OnnxRuntime;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Workers;

namespace MerchantStudio.Core.Learning.Onnx.Brought;

/// <summary>Runs a foreign model in a process of its own, with little memory and time, and never in this one.</summary>
public sealed class BroughtRunner(WorkerRunner workers)
{
    /// <summary>For all rows of one call.</summary>
    internal TimeSpan LongestRun { get; set; } = TimeSpan.FromMinutes(1);

    /// <returns>The chance of each row, 0 to 1; or why the model's answer is none.</returns>
    /// <param name="file">One that passed <see cref="OnnxScan"/>.</param>
    public async Task<Outcome<float[]>> RunAsync(ReadOnlyMemory<byte> file, BroughtGraph graph, BroughtMapping mapping, FeatureMatrix x, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(mapping);
        ArgumentNullException.ThrowIfNull(x);
        if (OnnxRuntimeLibrary.Version is null) return BroughtProblems.NotOffered();
        if (mapping.Features.IndexOf(null) is >= 0 and var unmapped) return BroughtProblems.Unmapped(unmapped + 1);
        if (mapping.Missing is null && graph.Inputs.FirstOrDefault(input => input.Type.StartsWith("int", StringComparison.Ordinal)) is { } whole) return BroughtProblems.MissingNeeded(whole.Name);
        var folder = Directory.CreateTempSubdirectory("studio-model-").FullName;
        try
        {
            await File.WriteAllBytesAsync(Path.Combine(folder, BroughtJob.ModelFile), file, cancellationToken).ConfigureAwait(false);
            BroughtJob.Of(graph, mapping, x).Write(folder);
            if (await RunAsync(folder, cancellationToken).ConfigureAwait(false) is { } problem) return problem;
            return Read(Path.Combine(folder, BroughtJob.AnswerFile), x.Rows);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task<Problem?> RunAsync(string folder, CancellationToken cancellationToken)
    {
        using var timed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timed.CancelAfter(LongestRun);
        try
        {
            var result = await workers.RunAsync(BroughtTask.Name, [folder], folder, timed.Token).ConfigureAwait(false);
            return result.Ending switch
            {
                WorkerEnding.Done => null,
                WorkerEnding.TooMuchMemory => BroughtProblems.TooMuchMemory(workers.Limits.MemoryBytes >> 20),
                WorkerEnding.Silent => BroughtProblems.TooSlow(workers.Limits.Silence.TotalSeconds),
                _ => BroughtProblems.Crashed(result.ExitCode),
            };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return BroughtProblems.TooSlow(LongestRun.TotalSeconds);
        }
    }

    private static Outcome<float[]> Read(string path, int rows)
    {
        using var reader = new BinaryReader(File.OpenRead(path));
        if (reader.ReadByte() != 0) return BroughtProblems.Refused(reader.ReadString());
        var numbers = new float[(reader.BaseStream.Length - 1) / sizeof(float)];
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(numbers.AsSpan()));
        if (numbers.Length != rows && numbers.Length != 2L * rows) return BroughtProblems.RowCount(numbers.Length, rows);
        var chances = numbers.Length == rows ? numbers : [.. Enumerable.Range(0, rows).Select(row => numbers[(2 * row) + 1])];
        return Check(chances) is { } problem ? problem : chances;
    }

    private static Problem? Check(float[] chances)
    {
        if (chances.Length == 0) return null;
        if (chances.Count(chance => !float.IsFinite(chance)) is > 0 and var broken) return BroughtProblems.NotANumber(broken, chances.Length);
        var (least, most) = (chances.Min(), chances.Max());
        if (least < 0 || most > 1) return BroughtProblems.NotAChance(least, most);
        return least == most && chances.Length > 1 ? BroughtProblems.AlwaysTheSame(least) : null;
    }
}
