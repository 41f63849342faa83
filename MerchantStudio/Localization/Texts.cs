using System.Collections.Concurrent;
using System.Globalization;
using System.Resources;
using System.Text.RegularExpressions;

namespace MerchantStudio.Localization;

/// <summary>The studio's words in the reader's language. A key is "Area.rest": the area names the resource file, the rest the entry in it.</summary>
public sealed partial class Texts
{
    private static readonly ConcurrentDictionary<string, ResourceManager> Areas = new(StringComparer.Ordinal);

    /// <summary>The text, or the key itself where it is missing, so that a gap is seen and nothing breaks.</summary>
    public string this[string key] => Find(key) ?? key;

    /// <summary>The text with its placeholders filled, numbers and dates in the reader's culture.</summary>
    public string this[string key, params object?[] arguments] => Fill(this[key], arguments);

    /// <summary>Puts values into a text. "{0|day|days}" is the word that goes with the value: the first for one, else the second.</summary>
    public static string Fill(string template, params object?[] arguments)
    {
        ArgumentNullException.ThrowIfNull(template);
        ArgumentNullException.ThrowIfNull(arguments);
        var chosen = WordByNumber().Replace(template, found =>
        {
            var value = arguments.ElementAtOrDefault(int.Parse(found.Groups[1].ValueSpan, CultureInfo.InvariantCulture));
            return found.Groups[string.Create(CultureInfo.InvariantCulture, $"{value}") == "1" ? 2 : 3].Value;
        });
        return string.Format(CultureInfo.CurrentCulture, chosen, arguments);
    }

    /// <summary>The same with each minus joined to the currency's sign after it, between which a line could end.</summary>
    public static string Unbroken(string text) => MinusBeforeSign().Replace(text, "−\u2060");

    /// <summary>The text, or null where there is none.</summary>
    public static string? Find(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var dot = key.IndexOf('.', StringComparison.Ordinal);
        if (dot <= 0) return null;
        var area = Areas.GetOrAdd(key[..dot], name => new ResourceManager($"MerchantStudio.Resources.{name}", typeof(Texts).Assembly));
        return Missing(area) ? null : area.GetString(key[(dot + 1)..], CultureInfo.CurrentUICulture);
    }

    private static bool Missing(ResourceManager area) => typeof(Texts).Assembly.GetManifestResourceInfo(area.BaseName + ".resources") is null;

    [GeneratedRegex(@"\{(\d+)\|([^|}]*)\|([^}]*)\}", RegexOptions.NonBacktracking)]
    private static partial Regex WordByNumber();

    [GeneratedRegex(@"−(?=\p{Sc})")]
    private static partial Regex MinusBeforeSign();
}
