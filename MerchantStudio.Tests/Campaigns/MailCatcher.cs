using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using MimeKit;

namespace MerchantStudio.Tests.Campaigns;

/// <summary>A mail server on this machine that keeps what it gets.</summary>
internal sealed class MailCatcher : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public MailCatcher()
    {
        _listener.Start();
        _ = ListenAsync();
    }

    /// <param name="Raw">What came between DATA and the dot, as it was on the wire.</param>
    public sealed record Mail(string From, string To, string Raw)
    {
        /// <summary>Without the dots that were doubled on the way.</summary>
        public MimeMessage Read() => MimeMessage.Load(new MemoryStream(Encoding.UTF8.GetBytes(Raw.Replace("\r\n..", "\r\n.", StringComparison.Ordinal))));
    }

    public ConcurrentQueue<Mail> Mails { get; } = new();

    public int Connections;

    /// <summary>An answer of its own for a line; null for the usual one. "." stands for the end of a message.</summary>
    public Func<string, string?> Answer { get; set; } = _ => null;

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public void Dispose() => _listener.Dispose();

    private async Task ListenAsync()
    {
        try
        {
            while (true) _ = ServeAsync(await _listener.AcceptTcpClientAsync());
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        Interlocked.Increment(ref Connections);
        using var _ = client;
        try
        {
            await using var stream = client.GetStream();
            using var reader = new StreamReader(stream, Encoding.UTF8);
            await using var writer = new StreamWriter(stream, new UTF8Encoding(false)) { NewLine = "\r\n", AutoFlush = true };
            await writer.WriteLineAsync("220 catcher");
            var (from, to) = ("", "");
            while (await reader.ReadLineAsync() is { } line)
            {
                var word = line.Split(' ', ':')[0].ToUpperInvariant();
                if (Answer(line) is { } own) await writer.WriteLineAsync(own);
                else if (word is "EHLO") await writer.WriteLineAsync("250-catcher\r\n250 8BITMIME");
                else if (word is "DATA")
                {
                    await writer.WriteLineAsync("354 go on");
                    var raw = new StringBuilder();
                    while (await reader.ReadLineAsync() is { } text && text != ".") raw.Append(text).Append("\r\n");
                    var refused = Answer(".");
                    if (refused is null) Mails.Enqueue(new Mail(from, to, raw.ToString()));
                    await writer.WriteLineAsync(refused ?? "250 kept");
                }
                else if (word is "QUIT")
                {
                    await writer.WriteLineAsync("221 bye");
                    return;
                }
                else
                {
                    if (word is "MAIL") from = line;
                    if (word is "RCPT") to = line;
                    await writer.WriteLineAsync("250 ok");
                }
            }
        }
        catch (IOException)
        {
            // The client went away.
        }
    }
}
