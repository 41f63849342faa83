using System.Collections.Immutable;
using System.Globalization;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Workers;

namespace MerchantStudio.Core.Ingestion.Formats.Native;

/// <summary>Has Parquet files and SQLite databases read by a worker: their readers are native code, which a crafted file may crash.</summary>
internal sealed class NativeTables(WorkerRunner workers)
{
    public async Task<Outcome<ReadableFile>> ConvertAsync(FileFormat format, string path, string target, string? part, ConversionLimits limits, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateDirectory(target + ".worker").FullName;
        try
        {
            var table = Path.Combine(folder, "table");
            var source = File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
            var result = await workers.RunAsync(
                NativeTableTask.Name, [format.ToString(), source, table, limits.MaxBytes.ToString(CultureInfo.InvariantCulture), part ?? ""], folder, cancellationToken).ConfigureAwait(false);
            if (result.Ending == WorkerEnding.TooMuchMemory) return NativeProblems.TooMuchMemory(workers.Limits.MemoryBytes >> 20);
            if (result.Ending == WorkerEnding.Silent) return NativeProblems.Stuck();
            if (result.Ending == WorkerEnding.Crashed || TableAnswer.Read(table) is not { } answer) return NativeProblems.Crashed(result.ExitCode);
            var parts = answer.Parts.IsDefault ? [] : answer.Parts;
            if (answer.Problem is { } code) return NativeProblems.Of(code, answer.About, parts);
            if (!File.Exists(table)) return NativeProblems.Crashed(result.ExitCode);
            File.Move(table, target, overwrite: true);
            return new ReadableFile(target, format, Numbered: true)
            {
                NamesColumns = true,
                Records = Math.Max(0, answer.Records),
                Parts = parts.Length > 1 ? parts : [],
                Part = parts.Length > 1 ? answer.Part : null,
            };
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}

/// <summary>Why a worker gave no table.</summary>
internal static class NativeProblems
{
    public static Problem Crashed(int exitCode) =>
        new("import.reader-stopped", "Reading this file ended the program that reads it (code {0}), so the file is most likely damaged. Nothing was imported and the studio goes on. Export it again, or as CSV.", exitCode);

    public static Problem TooMuchMemory(long limitMegabytes) =>
        new("import.reader-memory", "Reading this file takes more than {0} MB of memory. Export it in several parts, or as CSV, which needs hardly any.", limitMegabytes);

    public static Problem Stuck() =>
        new("import.reader-stuck", "Reading this file came to a standstill and was ended. Export it again, or as CSV.");

    public static Problem Of(string code, string? about, ImmutableArray<string> parts) => code switch
    {
        "import.part-missing" => FormatProblems.PartMissing(about ?? "", parts),
        "import.unpacks-too-large" => Text.TextProblems.UnpacksTooLarge(new Text.UnpackLimitException(20L << 30, null)),
        _ => FormatProblems.Told(code),
    };
}
