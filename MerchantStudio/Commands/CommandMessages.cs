using System.Text;
using System.Text.Json;

namespace MerchantStudio.Commands;

/// <summary>What a command sends to the server: one line of JSON.</summary>
internal sealed record CommandRequest(string[] Words, string WorkingDirectory);

/// <summary>What the server sends back, a line of JSON each: text for one of the two outputs, and at last the exit status.</summary>
internal sealed record CommandReply(string? Out = null, string? Error = null, int? Exit = null);

/// <summary>A text output at the other end of the channel.</summary>
internal sealed class ReplyWriter(TextWriter channel, Func<string, CommandReply> wrap, SemaphoreSlim turn) : TextWriter
{
    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value) => WriteAsync(value.ToString()).GetAwaiter().GetResult();

    public override void Write(string? value) => WriteAsync(value).GetAwaiter().GetResult();

    public override void WriteLine(string? value) => WriteAsync(value + "\n").GetAwaiter().GetResult();

    public override Task WriteAsync(char value) => WriteAsync(value.ToString());

    public override async Task WriteAsync(string? value)
    {
        if (string.IsNullOrEmpty(value)) return;
        await turn.WaitAsync();
        try
        {
            await channel.WriteLineAsync(JsonSerializer.Serialize(wrap(value)));
            await channel.FlushAsync();
        }
        catch (IOException)
        {
            // Whoever asked has gone; the command is being cancelled for the same reason.
        }
        finally
        {
            turn.Release();
        }
    }

    public override Task WriteLineAsync(string? value) => WriteAsync(value + "\n");

    public override Task WriteLineAsync() => WriteAsync("\n");
}
