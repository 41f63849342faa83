using System.Text.Json;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Shop;

namespace MerchantStudio.Core.AppState;

/// <summary>One process works in a data folder at a time. The lock itself is the operating system's; a small file beside it says who holds it.</summary>
public sealed class DataFolderLock : IDisposable
{
    private readonly FileLock _lock;
    private readonly string _holderFile;

    private DataFolderLock(FileLock held, string holderFile)
    {
        _lock = held;
        _holderFile = holderFile;
    }

    /// <summary>Takes the folder or says who has it.</summary>
    public static Outcome<DataFolderLock> Take(StudioPaths paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        paths.CreateFolders();
        var holderFile = Path.Combine(paths.Root, "studio.json");
        if (FileLock.TryTake(Path.Combine(paths.Root, "studio.lock")) is not { } held)
        {
            var holder = Read(holderFile);
            return new DataFolderInUse(paths.Root, holder?.ProcessId ?? 0, holder?.Address ?? "no address yet");
        }

        var folder = new DataFolderLock(held, holderFile);
        folder.Announce("no address yet");
        return folder;
    }

    /// <summary>Records where this process can be reached.</summary>
    public void Announce(string address)
    {
        var unfinished = _holderFile + ".part";
        File.WriteAllText(unfinished, JsonSerializer.Serialize(new FolderHolder(Environment.ProcessId, address)));
        File.Move(unfinished, _holderFile, overwrite: true);
    }

    public void Dispose()
    {
        File.Delete(_holderFile);
        _lock.Dispose();
    }

    private static FolderHolder? Read(string file)
    {
        try
        {
            return JsonSerializer.Deserialize<FolderHolder>(File.ReadAllText(file));
        }
        catch (Exception exception) when (exception is IOException or JsonException)
        {
            return null; // The holder has the lock but has not said its name yet.
        }
    }

    private sealed record FolderHolder(int ProcessId, string Address);
}

public sealed record DataFolderInUse(string Folder, int ProcessId, string Address)
    : Problem("data.in-use", "The data folder {0} is in use by process {1} ({2}). Stop that one first, or name another folder with --data.", Folder, ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture), Address);
