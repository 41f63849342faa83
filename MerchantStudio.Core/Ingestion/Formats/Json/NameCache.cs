namespace MerchantStudio.Core.Ingestion.Formats.Json;

/// <summary>Gives the same string for the same letters, so that a million records do not make a million copies of a name.</summary>
internal sealed class NameCache
{
    /// <summary>Beyond these, names are data ("sku-1", "sku-2") and not worth keeping.</summary>
    private const int MostKept = 20_000;
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);

    public string Of(ReadOnlySpan<char> letters)
    {
        var lookup = _names.GetAlternateLookup<ReadOnlySpan<char>>();
        if (lookup.TryGetValue(letters, out var known)) return known;
        var name = letters.ToString();
        if (_names.Count < MostKept) _names[name] = name;
        return name;
    }
}
