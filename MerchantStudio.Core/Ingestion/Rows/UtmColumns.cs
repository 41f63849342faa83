using System.Text;
using System.Text.Json;
using MerchantStudio.Core.Ingestion.Text;
using MerchantStudio.Core.Ingestion.Values;

namespace MerchantStudio.Core.Ingestion.Rows;

/// <summary>Parameters of the link that a visit came by, which a file's own columns name, or the address of the page in them. They are kept beside the row as live events have them.</summary>
internal sealed class UtmColumns
{
    private readonly (string Name, int Place)[] _found;
    private readonly int[] _pages;

    public UtmColumns(ColumnMap columns)
    {
        _found = [.. LinkParameters.Names.Select(name => (name, columns.PlaceOf(name))).Where(found => found.Item2 >= 0)];
        _pages = [.. LinkParameters.PageNames.Append("page.url").Select(columns.PlaceOf).Where(place => place >= 0).Distinct()];
    }

    public bool Any => _found.Length + _pages.Length > 0;

    /// <summary>A JSON object; null where the row names none.</summary>
    public string? Of(DelimitedFile file)
    {
        Dictionary<string, string>? said = null;
        foreach (var (name, place) in _found)
        {
            var cell = CellText.Bare(file.Utf8(place));
            if (CellText.IsMissing(cell)) continue;
            var text = Encoding.UTF8.GetString(cell);
            if (LinkParameters.IsFit(text)) (said ??= [])[name] = text;
        }

        foreach (var place in _pages)
        {
            if (said is not null) break;
            var cell = CellText.Bare(file.Utf8(place));
            if (cell.IndexOf("utm_"u8) < 0 || LinkParameters.Of(Encoding.UTF8.GetString(cell)) is not { IsEmpty: false } parameters) continue;
            said = new Dictionary<string, string>(parameters);
        }

        return said is null ? null : JsonSerializer.Serialize(said);
    }
}
