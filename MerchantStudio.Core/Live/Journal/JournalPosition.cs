namespace MerchantStudio.Core.Live.Journal;

/// <summary>A place in the journal: the segment's number and the byte in it at which the next record begins.</summary>
internal readonly record struct JournalPosition(long Segment, long Offset);

/// <summary>The journal's files: <c>live/0000000001.journal</c> in the workspace's folder, numbered upwards.</summary>
internal sealed class JournalFolder(string folder)
{
    private const string Ending = ".journal";

    public string PathOf(long segment) => Path.Combine(folder, segment.ToString("D10", System.Globalization.CultureInfo.InvariantCulture) + Ending);

    /// <summary>Numbers of the segments that are here, upwards.</summary>
    public long[] Segments() => Directory.Exists(folder)
        ? [.. Directory.GetFiles(folder, "*" + Ending).Select(file => long.TryParse(Path.GetFileNameWithoutExtension(file), out var number) ? number : 0).Where(number => number > 0).Order()]
        : [];

    public long LengthOf(long segment) => new FileInfo(PathOf(segment)) is { Exists: true } file ? file.Length : 0;

    public void Create()
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>Deletes the segments whose rows are all in the warehouse.</summary>
    public void DeleteBefore(long segment)
    {
        foreach (var moved in Segments().Where(number => number < segment)) File.Delete(PathOf(moved));
    }
}
