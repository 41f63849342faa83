using System.IO.Compression;

namespace MerchantStudio.Tests.Demo;

/// <summary>The committed demo files, as the build copied them beside the assemblies.</summary>
internal static class SampleData
{
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "sample-data");

    public static string File(string name) => Path.Combine(Folder, name);

    /// <summary>The first lines of a packed file, its head included.</summary>
    public static IEnumerable<string> Lines(string name, int count)
    {
        using var reader = new StreamReader(new GZipStream(System.IO.File.OpenRead(File(name)), CompressionMode.Decompress));
        for (var read = 0; read < count && reader.ReadLine() is { } line; read++) yield return line;
    }
}
