using MerchantStudio.Core.Reviews;

namespace MerchantStudio.Components.Pages.Reviews;

/// <param name="Weight">0 for text that is not marked.</param>
internal readonly record struct MarkedPiece(string Text, double Weight);

/// <summary>Cuts a text at its marks; marks that do not fit the text are left out.</summary>
internal static class MarkedPieces
{
    public static IEnumerable<MarkedPiece> Of(string text, IReadOnlyList<WordWeight> words)
    {
        var at = 0;
        foreach (var word in words.OrderBy(word => word.Start))
        {
            if (word.Start < at || word.Length <= 0 || word.Start + word.Length > text.Length) continue;
            if (word.Start > at) yield return new MarkedPiece(text[at..word.Start], 0);
            at = word.Start + word.Length;
            yield return new MarkedPiece(text[word.Start..at], word.Weight);
        }

        if (at < text.Length) yield return new MarkedPiece(text[at..], 0);
    }
}
