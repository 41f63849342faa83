using System.Text.Json;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Shop;

namespace MerchantStudio.Commands;

/// <summary>Carries out, inside the running server, the commands that come through the channel. Whoever goes away stops her command.</summary>
internal sealed class CommandServer(IServiceProvider services, StudioPaths paths, AuditTrail audit, ILogger<CommandServer> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await CommandChannel.ListenAsync(paths, ServeAsync, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server is going down.
        }
        catch (Exception exception) when (exception is IOException or System.Net.Sockets.SocketException)
        {
            log.LogWarning(exception, "Commands cannot reach this server; the studio itself is not affected.");
        }
    }

    private async Task ServeAsync(Stream channel, CancellationToken stopping)
    {
        await using var _ = channel;
        using var reader = new StreamReader(channel);
        await using var writer = new StreamWriter(channel);
        using var turn = new SemaphoreSlim(1);
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        try
        {
            if (await reader.ReadLineAsync(gone.Token) is not { } line || JsonSerializer.Deserialize<CommandRequest>(line) is not { } request) return;
            var leaving = CancelWhenGoneAsync(reader, gone);
            await using var output = new ReplyWriter(writer, text => new CommandReply(Out: text), turn);
            await using var error = new ReplyWriter(writer, text => new CommandReply(Error: text), turn);
            var exit = await RunAsync(request, output, error, gone.Token);
            await writer.WriteLineAsync(JsonSerializer.Serialize(new CommandReply(Exit: exit)));
            await writer.FlushAsync(gone.Token);
            await leaving;
        }
        catch (Exception exception) when (exception is IOException or JsonException or OperationCanceledException)
        {
            log.LogInformation("A command's connection ended early.");
        }
    }

    private async Task<int> RunAsync(CommandRequest request, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        if (StudioCommands.Find(request.Words) is not { } found)
        {
            await error.WriteLineAsync("This server does not know the command; it may be of another version.");
            return CommandHost.WronglyTyped;
        }

        try
        {
            var arguments = CommandArguments.Read(found.Command.Usage, found.Left);
            await audit.WriteAsync(null, Actor.CommandLine, new AuditFact("command." + found.Command.Name.Replace(' ', '-')), cancellationToken);
            await using var scope = services.CreateAsyncScope();
            return await found.Command.RunAsync(new CommandContext(scope.ServiceProvider, arguments, output, error, request.WorkingDirectory), cancellationToken);
        }
        catch (CommandUsageException mistake)
        {
            await error.WriteLineAsync(mistake.AsTyped(found.Command));
            return CommandHost.WronglyTyped;
        }
        catch (Exception exception) when (IExplained.Of(exception) is { } problem)
        {
            await error.WriteLineAsync($"{problem.Message} ({problem.Code})");
            return 1;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // The last resort for a bug in a command: it fails, the server goes on.
            log.LogError(exception, "The command {Command} failed.", request.Words.FirstOrDefault());
            await error.WriteLineAsync($"The command stopped because of a fault in the program ({exception.GetType().Name}); the server's log has the details.");
            return 1;
        }
    }

    /// <summary>After its request a caller sends nothing more, so the end of its stream means that it went away.</summary>
    private static async Task CancelWhenGoneAsync(StreamReader reader, CancellationTokenSource gone)
    {
        try
        {
            await reader.ReadLineAsync(gone.Token);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // Gone, one way or the other.
        }

        await gone.CancelAsync();
    }
}
