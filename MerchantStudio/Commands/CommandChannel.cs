using System.IO.Pipes;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using MerchantStudio.Core.Shop;

namespace MerchantStudio.Commands;

/// <summary>The door in the data folder through which a command reaches a running server: a Unix socket that only this user may open, a named pipe of this user's on Windows.</summary>
internal static class CommandChannel
{
    /// <summary>The most that a socket's path may hold on every system.</summary>
    private const int LongestSocketPath = 100;

    /// <summary>Where the socket is; beside other temporary files when the data folder's path is too long for one.</summary>
    public static string SocketPath(StudioPaths paths)
    {
        var inFolder = Path.Combine(paths.Root, "studio.sock");
        return Encoding.UTF8.GetByteCount(inFolder) <= LongestSocketPath ? inFolder : Path.Combine(Path.GetTempPath(), NameOf(paths) + ".sock");
    }

    /// <returns>Null when no server listens.</returns>
    public static async Task<Stream?> ConnectAsync(StudioPaths paths, CancellationToken cancellationToken)
    {
        if (OperatingSystem.IsWindows())
        {
            var pipe = new NamedPipeClientStream(".", NameOf(paths), PipeDirection.InOut, PipeOptions.Asynchronous | PipeOptions.CurrentUserOnly);
            try
            {
                await pipe.ConnectAsync(TimeSpan.FromMilliseconds(200), cancellationToken);
                return pipe;
            }
            catch (Exception exception) when (exception is TimeoutException or IOException)
            {
                await pipe.DisposeAsync();
                return null;
            }
        }

        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(SocketPath(paths)), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (SocketException)
        {
            socket.Dispose();
            return null; // No such socket, or one that a killed server left behind.
        }
    }

    /// <summary>Hands every caller to <paramref name="serve"/> until cancelled.</summary>
    public static async Task ListenAsync(StudioPaths paths, Func<Stream, CancellationToken, Task> serve, CancellationToken stopping)
    {
        if (OperatingSystem.IsWindows())
        {
            while (true)
            {
                var pipe = new NamedPipeServerStream(NameOf(paths), PipeDirection.InOut, NamedPipeServerStream.MaxAllowedServerInstances, PipeTransmissionMode.Byte, PipeOptions.Asynchronous | PipeOptions.CurrentUserOnly);
                await pipe.WaitForConnectionAsync(stopping);
                _ = serve(pipe, stopping);
            }
        }

        var path = SocketPath(paths);
        File.Delete(path);
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        listener.Listen();
        try
        {
            while (true) _ = serve(new NetworkStream(await listener.AcceptAsync(stopping), ownsSocket: true), stopping);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static string NameOf(StudioPaths paths) => "merchant-studio-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(paths.Root)))[..24];
}
