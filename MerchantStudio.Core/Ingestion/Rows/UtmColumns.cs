using System.Text;
using System.Text.Json;
using MerchantStudio.Core.Ingestion.Text;
using MerchantStudio.Core.Ingestion.Values;

namespace MerchantStudio.Core.Ingestion.Rows;

/// <summary>Parameters of the link that a visit came by, which a file's own columns name. They are kept beside the row as live events have them.</summary>
internal sealed class UtmColumns
{
    private const int MostLetters = 200;
    private static readonly string[] Names = ["utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content"];
    private readonly (string Name, int Place)[] _found;

    public UtmColumns(ColumnMap columns) => _found = [.. Names.Select(name => (name, columns.PlaceOf(name))).Where(found => found.Item2 >= 0)];

    public bool Any => _found.Length > 0;

    /// <summary>A JSON object; null where the row names none.</summary>
    public string? Of(DelimitedFile file)
    {
        Dictionary<string, string>? said = null;
        foreach (var (name, place) in _found)
        {
            var cell = CellText.Bare(file.Utf8(place));
            if (CellText.IsMissing(cell)) continue;
            var text = Encoding.UTF8.GetString(cell);
            if (text.Length is 0 or > MostLetters || text.Contains('@', StringComparison.Ordinal)) continue;
            (said ??= [])[name] = text;
        }

        return said is null ? null : JsonSerializer.Serialize(said);
    }
}
