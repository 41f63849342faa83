namespace MerchantStudio.Core.Warehouse;

/// <summary>The one way in which a name gets into SQL text; values are always parameters.</summary>
public static class Sql
{
    /// <summary>A table's or column's name in double quotes, with quotes inside doubled.</summary>
    public static string Identifier(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name.Contains('\0', StringComparison.Ordinal)) throw new ArgumentException("A name cannot hold a zero character.", nameof(name));
        return $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
