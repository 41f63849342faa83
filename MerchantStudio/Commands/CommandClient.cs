using System.Text.Json;

namespace MerchantStudio.Commands;

/// <summary>Hands a command to the running server and prints what comes back.</summary>
internal static class CommandClient
{
    /// <returns>The command's exit status; 1 when the server went away before it was told.</returns>
    public static async Task<int> RunAsync(Stream channel, IEnumerable<string> words, CancellationToken cancellationToken)
    {
        await using var _ = channel;
        await using var writer = new StreamWriter(channel) { AutoFlush = true };
        using var reader = new StreamReader(channel);
        await writer.WriteLineAsync(JsonSerializer.Serialize(new CommandRequest([.. words], Environment.CurrentDirectory)));
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            var reply = JsonSerializer.Deserialize<CommandReply>(line);
            if (reply?.Out is { } text) await Console.Out.WriteAsync(text);
            if (reply?.Error is { } note) await Console.Error.WriteAsync(note);
            if (reply?.Exit is { } exit) return exit;
        }

        await Console.Error.WriteLineAsync("The server ended before the command did. Start it again to see how far it came.");
        return 1;
    }
}
