using System.Collections.Immutable;
using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.Options;

namespace MerchantStudio.Core.Workers;

/// <summary>Runs what may crash or take too much, such as native readers of foreign files, in a child process of the same program: little memory, time and files, no network.</summary>
public sealed class WorkerRunner(IOptions<WorkerOptions> options)
{
    private const int ErrorKept = 4_000;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);
    private static readonly string[] Passed = ["PATH", "LANG", "LC_ALL", "DOTNET_ROOT", "DOTNET_ROOT_X64", "DOTNET_ROOT_ARM64", "SystemRoot", "NUMBER_OF_PROCESSORS"];

    public WorkerLimits Limits => options.Value.Limits;

    /// <summary>Runs <c>worker TASK ARGUMENTS</c> to its end. It is killed with all of its children on cancellation, over a limit and when this process goes away.</summary>
    /// <param name="folder">Its own folder: the working and the temporary one.</param>
    public async Task<WorkerResult> RunAsync(string task, IEnumerable<string> arguments, string folder, CancellationToken cancellationToken)
    {
        using var process = new Process { StartInfo = StartOf(["worker", task, .. arguments], folder) };
        var heard = Stopwatch.StartNew();
        var error = new StringBuilder();
        process.OutputDataReceived += (_, _) => heard.Restart();
        process.ErrorDataReceived += (_, line) =>
        {
            lock (error)
            {
                if (line.Data is not null && error.Length < ErrorKept) error.AppendLine(line.Data);
            }
        };
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            var ended = await WatchAsync(process, heard, cancellationToken).ConfigureAwait(false);
            if (ended is null) await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
            lock (error)
            {
                return new WorkerResult(ended ?? (process.ExitCode == 0 ? WorkerEnding.Done : WorkerEnding.Crashed), ended is null ? process.ExitCode : -1, error.ToString());
            }
        }
        finally
        {
            if (!process.HasExited) await KillAsync(process).ConfigureAwait(false);
        }
    }

    private static async Task KillAsync(Process process)
    {
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
    }

    /// <returns>Null when it ended by itself.</returns>
    private async Task<WorkerEnding?> WatchAsync(Process process, Stopwatch heard, CancellationToken cancellationToken)
    {
        while (!process.HasExited)
        {
            await Task.Delay(Look, cancellationToken).ConfigureAwait(false);
            if (MemoryOf(process) is not { } memory) break;
            if (memory > Limits.MemoryBytes) return WorkerEnding.TooMuchMemory;
            if (heard.Elapsed > Limits.Silence) return WorkerEnding.Silent;
        }

        return null;
    }

    /// <returns>Bytes; null once it has ended.</returns>
    internal static long? MemoryOf(Process process)
    {
        try
        {
            process.Refresh();
            return process.HasExited ? null : process.WorkingSet64;
        }
        catch (InvalidOperationException)
        {
            // It ended between the two looks.
            return null;
        }
    }

    private ProcessStartInfo StartOf(ImmutableArray<string> arguments, string folder)
    {
        ImmutableArray<string> command = [.. options.Value.Command.Count > 0 ? options.Value.Command : WorkerProgram.Find(), .. arguments];
        if (!OperatingSystem.IsWindows()) command = ["/bin/sh", "-c", Shell(), "sh", .. WorkerProgram.WithoutNetwork.Value, .. command];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            CreateNoWindow = true,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var kept = Passed.Select(name => (name, value: Environment.GetEnvironmentVariable(name))).Where(variable => variable.value is not null).ToList();
        start.Environment.Clear();
        foreach (var (name, value) in kept) start.Environment[name] = value;
        foreach (var name in (string[])["TMPDIR", "TMP", "TEMP", "HOME"]) start.Environment[name] = folder;
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment["DOTNET_gcServer"] = "0";
        start.Environment["DOTNET_gcConcurrent"] = "0";
        start.Environment["DOTNET_GCHeapHardLimit"] = (Limits.MemoryBytes / 2).ToString("X", System.Globalization.CultureInfo.InvariantCulture);
        return start;
    }

    /// <summary>Limits that the shell knows are set for itself and kept by what it becomes; a system that lacks one goes without.</summary>
    private string Shell() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $$"""
        ulimit -c 0 2>/dev/null; ulimit -n {{Limits.OpenFiles}} 2>/dev/null; ulimit -t {{(long)Limits.CpuTime.TotalSeconds}} 2>/dev/null; ulimit -v {{Limits.AddressSpaceBytes >> 10}} 2>/dev/null
        exec "$@"
        """);
}
