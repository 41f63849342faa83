using System.Globalization;
using System.IO.Compression;

namespace MerchantStudio.Benchmarks.Training;

/// <summary>A public file of what shoppers chose in order of time: her number, then one item or all of hers; one who comes in several lines has them together.</summary>
internal static class NextItemFile
{
    /// <param name="path">Plain text, or gzip when it ends in ".gz".</param>
    public static int[][] Read(string path)
    {
        var sequences = new List<(string Shopper, List<int> Items)>();
        using var file = File.OpenRead(path);
        using var reader = new StreamReader(path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file);
        while (reader.ReadLine() is { } line)
        {
            var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (sequences.Count == 0 || sequences[^1].Shopper != fields[0]) sequences.Add((fields[0], []));
            sequences[^1].Items.AddRange(fields[1..].Select(id => int.Parse(id, CultureInfo.InvariantCulture)));
        }

        return [.. sequences.Select(sequence => sequence.Items.ToArray())];
    }
}
