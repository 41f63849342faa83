using System.Collections.Immutable;
using System.Text.Json;

namespace MerchantStudio.Core.Ingestion.Formats.Native;

/// <summary>What a worker found; written beside the table.</summary>
/// <param name="Problem">Code of why there is no table; null when there is one.</param>
/// <param name="About">What the problem names: the part that is missing.</param>
internal sealed record TableAnswer(string? Problem, long Records, ImmutableArray<string> Parts, string? Part, string? About = null)
{
    private const long LongestAnswer = 4 << 20;

    public static string PathFor(string target) => target + ".answer";

    public void Write(string target) => File.WriteAllText(PathFor(target), JsonSerializer.Serialize(this));

    /// <returns>Null when it cannot be read; it comes from a process that read a hostile file.</returns>
    public static TableAnswer? Read(string target)
    {
        var file = new FileInfo(PathFor(target));
        if (!file.Exists || file.Length > LongestAnswer) return null;
        try
        {
            return JsonSerializer.Deserialize<TableAnswer>(File.ReadAllBytes(file.FullName));
        }
        catch (JsonException)
        {
            return null;
        }
        finally
        {
            file.Delete();
        }
    }
}
