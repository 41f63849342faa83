using System.Text;

namespace MerchantStudio.Storefront;

/// <summary>The script that a shop puts into its pages.</summary>
internal static class Snippet
{
    private const string AskMark = "/*asks*/true";
    private static readonly Lazy<string> Source = new(Read);

    /// <param name="asksConsent">Whether it keeps and sends nothing before the visitor has agreed.</param>
    public static string For(bool asksConsent) => Source.Value.Replace(AskMark, asksConsent ? "true" : "false", StringComparison.Ordinal);

    /// <summary>The line that a shop copies into its pages.</summary>
    /// <param name="studio">Address at which browsers reach this studio, with a slash at its end.</param>
    public static string Tag(string studio, string shop, string key) => $"""<script src="{studio}s/{shop}.js" data-key="{key}" async></script>""";

    private static string Read()
    {
        using var stream = typeof(Snippet).Assembly.GetManifestResourceStream("snippet.js") ?? throw new InvalidOperationException("The snippet is missing from the program.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var text = reader.ReadToEnd();
        return text.Contains(AskMark, StringComparison.Ordinal) ? text : throw new InvalidOperationException("The snippet has lost its mark for the consent gate.");
    }
}
