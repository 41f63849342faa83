using System.Globalization;
using System.IO.Compression;

namespace MerchantStudio.Tests.Demo;

/// <summary>The committed demo files, as the build copied them beside the assemblies.</summary>
internal static class SampleData
{
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "sample-data");

    public static string File(string name) => Path.Combine(Folder, name);

    /// <summary>Writes the events of a third of the shoppers: a shop that the machine is done with sooner.</summary>
    /// <returns>Where the file lies; it is the caller's.</returns>
    public static string ThirdOfEvents(string folder)
    {
        // Shoppers are named by a letter and a number; the first column is theirs.
        static bool IsKept(string line) => line.IndexOf(',', StringComparison.Ordinal) is var end && (end < 2 || int.Parse(line.AsSpan(1, end - 1), CultureInfo.InvariantCulture) % 3 == 2);
        var path = Path.Combine(Directory.CreateDirectory(folder).FullName, "events.csv");
        var lines = Lines("events.csv.gz", int.MaxValue);
        System.IO.File.WriteAllLines(path, lines.Take(1).Concat(lines.Skip(1).Where(IsKept)));
        return path;
    }

    /// <summary>The first lines of a packed file, its head included.</summary>
    public static IEnumerable<string> Lines(string name, int count)
    {
        using var reader = new StreamReader(new GZipStream(System.IO.File.OpenRead(File(name)), CompressionMode.Decompress));
        for (var read = 0; read < count && reader.ReadLine() is { } line; read++) yield return line;
    }
}
