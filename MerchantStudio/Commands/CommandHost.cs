using MerchantStudio.Access;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Shop;
using MerchantStudio.Hosting;

namespace MerchantStudio.Commands;

/// <summary>Carries out what was typed.</summary>
internal static class CommandHost
{
    public const int WronglyTyped = 2;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>False when the words mean <c>serve</c>.</summary>
    public static bool Handles(string[] typed) =>
        AsksForHelp(typed) || (typed.Length > 0 && typed[0] != "serve" && !typed[0].StartsWith('-'));

    public static async Task<int> RunAsync(string[] typed)
    {
        if (AsksForHelp(typed))
        {
            await StudioCommands.PrintHelpAsync(Console.Out, StudioCommands.Find(typed)?.Command);
            return 0;
        }

        if (StudioCommands.Find(typed) is not { } found)
        {
            await Console.Error.WriteLineAsync($"There is no command '{typed[0]}'. These there are:");
            await StudioCommands.PrintHelpAsync(Console.Error);
            return WronglyTyped;
        }

        using var stopping = new CancellationTokenSource();
        Console.CancelKeyPress += (_, pressed) =>
        {
            pressed.Cancel = true;
            stopping.Cancel();
        };
        try
        {
            var arguments = CommandArguments.Read(found.Command.Usage, found.Left);
            return await RunAsync(found.Command, typed, arguments, stopping.Token);
        }
        catch (CommandUsageException mistake)
        {
            await Console.Error.WriteLineAsync(mistake.AsTyped(found.Command));
            return WronglyTyped;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("Stopped.");
            return 130;
        }
        catch (Exception fault) when (IExplained.Of(fault) is { } problem)
        {
            await Console.Error.WriteLineAsync($"{problem.Message} ({problem.Code})");
            return 1;
        }
        catch (Exception fault)
        {
            // The last resort for a bug in a command: its details for whoever mends it, one sentence for whoever typed it.
            await Console.Error.WriteLineAsync($"{fault}\nThe command stopped because of a fault in the program ({fault.GetType().Name}); what was there before is unchanged.");
            return 1;
        }
    }

    private static bool AsksForHelp(string[] typed) => typed is ["help", ..] || typed.Any(word => word is "--help" or "-h");

    private static async Task<int> RunAsync(IStudioCommand command, string[] typed, CommandArguments arguments, CancellationToken cancellationToken)
    {
        var builder = Host.CreateApplicationBuilder(arguments["data"] is { } folder ? ["--Studio:DataFolder", folder] : []);
        var paths = StudioStart.Folder(builder.Configuration);
        StudioMemory.Share(builder.Configuration);
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error).AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Services.AddStudioCore(paths).AddJobRunner();
        using var host = builder.Build();
        var context = new CommandContext(host.Services, arguments, Console.Out, Console.Error, Environment.CurrentDirectory);
        if (!command.UsesDataFolder) return await command.RunAsync(context, cancellationToken);

        // A server that is just starting or stopping holds the folder without listening: a moment later it is one or the other.
        var started = System.Diagnostics.Stopwatch.GetTimestamp();
        while (true)
        {
            if (await CommandChannel.ConnectAsync(paths, cancellationToken) is { } server) return await CommandClient.RunAsync(server, typed, cancellationToken);
            if (DataFolderLock.Take(paths).TryGet(out var taken, out var inUse))
            {
                using (taken) return await RunHereAsync(command, host, paths, context, cancellationToken);
            }

            if (System.Diagnostics.Stopwatch.GetElapsedTime(started) > Patience) return await context.FailAsync(inUse);
            await Task.Delay(100, cancellationToken);
        }
    }

    private static async Task<int> RunHereAsync(IStudioCommand command, IHost host, StudioPaths paths, CommandContext context, CancellationToken cancellationToken)
    {
        if (KeyRing.Check(paths) is { } damaged) return await context.FailAsync(damaged);
        var database = host.Services.GetRequiredService<StudioDatabase>();
        var opened = await database.OpenAsync(cancellationToken);
        if (opened.Problem is { } problem) return await context.FailAsync(problem);
        await host.StartAsync(cancellationToken);
        await host.Services.GetRequiredService<AuditTrail>().WriteAsync(null, Actor.CommandLine, new AuditFact("command." + command.Name.Replace(' ', '-')), cancellationToken);
        var code = await command.RunAsync(context, cancellationToken);
        await host.StopAsync(CancellationToken.None);
        await database.SealAsync(CancellationToken.None);
        return code;
    }
}
