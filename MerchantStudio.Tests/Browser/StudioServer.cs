using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using MerchantStudio.Commands;
using MerchantStudio.Core.Shop;
using MerchantStudio.Tests.Architecture;
using MerchantStudio.Tests.Hosting;
using Microsoft.Data.Sqlite;

namespace MerchantStudio.Tests.Browser;

/// <summary>The real application in a process of its own: own data folder, free port. Ends and tidies up with the test.</summary>
internal sealed partial class StudioServer : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan ListenLimit = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan PublishLimit = TimeSpan.FromMinutes(4);

    private readonly Process _process;
    private readonly StringBuilder _said = new();
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private StudioServer(Process process, string folder)
    {
        _process = process;
        DataFolder = folder;
    }

    public string DataFolder { get; }

    public Uri Address { get; private set; } = new("http://127.0.0.1/");

    /// <summary>Bytes of its memory that are resident; 0 when it has ended.</summary>
    public long ResidentBytes
    {
        get
        {
            _process.Refresh();
            return _process.HasExited ? 0 : _process.WorkingSet64;
        }
    }

    public string Said
    {
        get { lock (_said) return _said.ToString(); }
    }

    /// <summary>The one-use code that the console shows until an owner exists.</summary>
    public string SetupCode => SetupCodeLine().Match(Said) is { Success: true } found
        ? found.Groups[1].Value
        : throw new InvalidOperationException($"The console shows no setup code. It says:\n{Said}");

    /// <param name="settings">Configuration in the form <c>--Studio:Demo=false</c>.</param>
    public static async Task<StudioServer> StartAsync(CancellationToken cancellationToken, params string[] settings) =>
        await StartInAsync(Directory.CreateTempSubdirectory("studio-browser-").FullName, cancellationToken, settings);

    public static Task<StudioServer> StartInAsync(string folder, CancellationToken cancellationToken, params string[] settings) => StartUnderAsync([], folder, cancellationToken, settings);

    /// <param name="before">What stands before the command and becomes it.</param>
    public static async Task<StudioServer> StartUnderAsync(string[] before, string folder, CancellationToken cancellationToken, params string[] settings)
    {
        string[] command = [.. before, "dotnet", Program(), "--data", folder, "--urls", "http://127.0.0.1:0", .. settings];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        StudioProcess.LeavesNothingBehind(start);
        var server = new StudioServer(new Process { StartInfo = start, EnableRaisingEvents = true }, folder);
        server.Listen();
        try
        {
            server.Address = await server._address.Task.WaitAsync(StartLimit, cancellationToken);
            return server;
        }
        catch (Exception)
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until a pipeline run of the workspace has ended well; fails with its problem when it ended otherwise.</summary>
    public async Task UntilPublishedAsync(string workspace, int runs, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        while (await RunsAsync(workspace, cancellationToken) is var (succeeded, failed) && succeeded < runs)
        {
            if (failed is not null) throw new InvalidOperationException($"The pipeline failed: {failed}\n{Said}");
            if (watch.Elapsed > PublishLimit) throw new TimeoutException($"Nothing was published within {PublishLimit}.\n{Said}");
            await Task.Delay(200, cancellationToken);
        }
    }

    /// <summary>Carries a command out inside the server, as the command line would.</summary>
    public async Task<StudioProcess.Ending> CommandAsync(CancellationToken cancellationToken, params string[] words)
    {
        await using var channel = await ConnectAsync(cancellationToken);
        using var reader = new StreamReader(channel);
        await channel.WriteAsync(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new CommandRequest(words, DataFolder)) + "\n"), cancellationToken);
        StringBuilder output = new(), error = new();
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            var reply = JsonSerializer.Deserialize<CommandReply>(line)!;
            output.Append(reply.Out);
            error.Append(reply.Error);
            if (reply.Exit is { } exit) return new StudioProcess.Ending(exit, output.ToString(), error.ToString());
        }

        return new StudioProcess.Ending(-1, output.ToString(), $"{error}The server ended before the command did.");
    }

    /// <summary>A server may answer in the browser a moment before it listens to commands; the command line waits for it as well.</summary>
    private async Task<Stream> ConnectAsync(CancellationToken cancellationToken)
    {
        for (var watch = Stopwatch.StartNew(); ; await Task.Delay(50, cancellationToken))
        {
            if (await CommandChannel.ConnectAsync(new StudioPaths(DataFolder), cancellationToken) is { } channel) return channel;
            if (watch.Elapsed > ListenLimit) throw new InvalidOperationException($"No server listens. It said:\n{Said}");
        }
    }

    /// <summary>kill -9; the data folder stays for the next one.</summary>
    public async Task KillAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }
        _process.Dispose();
        Directory.Delete(DataFolder, recursive: true);
    }

    private void Listen()
    {
        _process.OutputDataReceived += (_, line) => Hear(line.Data);
        _process.ErrorDataReceived += (_, line) => Hear(line.Data);
        _process.Exited += (_, _) => _address.TrySetException(new InvalidOperationException($"The application ended at its start:\n{Said}"));
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    private void Hear(string? line)
    {
        if (line is null) return;
        lock (_said) _said.AppendLine(line);
        if (Listening().Match(line) is { Success: true } found) _address.TrySetResult(new Uri(found.Groups[1].Value + "/"));
    }

    private async Task<(int Succeeded, string? Failed)> RunsAsync(string workspace, CancellationToken cancellationToken)
    {
        var file = new SqliteConnectionStringBuilder { DataSource = Path.Combine(DataFolder, "app.db"), Mode = SqliteOpenMode.ReadOnly, Pooling = false };
        await using var connection = new SqliteConnection(file.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = "select count(*) filter (where State = 'Succeeded'), max(ProblemCode || ': ' || ProblemMessage) from Jobs where WorkspaceId = $workspace and (Kind = 'pipeline' or State = 'Failed')";
        command.Parameters.AddWithValue("$workspace", workspace);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (reader.GetInt32(0), reader.IsDBNull(1) ? null : reader.GetString(1));
    }

    /// <summary>The application's own output folder, built with the same configuration as these tests.</summary>
    private static string Program()
    {
        var framework = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        return Repository.Path("MerchantStudio", "bin", framework.Parent!.Name, framework.Name, "MerchantStudio.dll");
    }

    [GeneratedRegex(@"Now listening on: (http://127\.0\.0\.1:\d+)")]
    private static partial Regex Listening();

    [GeneratedRegex("with the code ([0-9A-HJKMNP-TV-Z-]+)")]
    private static partial Regex SetupCodeLine();
}
