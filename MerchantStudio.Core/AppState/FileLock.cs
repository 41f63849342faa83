namespace MerchantStudio.Core.AppState;

/// <summary>An exclusive lock on a file; the operating system releases it when the process ends, however it ends.</summary>
internal sealed class FileLock : IDisposable
{
    private readonly FileStream _file;

    private FileLock(FileStream file) => _file = file;

    /// <returns>Null when somebody else holds it.</returns>
    public static FileLock? TryTake(string path)
    {
        try
        {
            return new FileLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException) when (File.Exists(path))
        {
            return null;
        }
    }

    /// <returns>Null when it was still held after <paramref name="patience"/>.</returns>
    public static async Task<FileLock?> WaitAsync(string path, TimeSpan patience, CancellationToken cancellationToken)
    {
        var started = System.Diagnostics.Stopwatch.GetTimestamp();
        while (true)
        {
            if (TryTake(path) is { } taken) return taken;
            if (System.Diagnostics.Stopwatch.GetElapsedTime(started) > patience) return null;
            await Task.Delay(50, cancellationToken).ConfigureAwait(false);
        }
    }

    public void Dispose() => _file.Dispose();
}
