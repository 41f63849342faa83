using MerchantStudio.Core.Ingestion;
using MerchantStudio.Core.Ingestion.Recognition;

namespace MerchantStudio.Commands;

/// <summary>Order states that are none of ours, explained on the command line: <c>--states "awaiting pickup=paid;lost=cancelled"</c>.</summary>
internal static class StateMeanings
{
    private const char BetweenStates = ';';

    /// <exception cref="CommandUsageException">An entry without a meaning that is known.</exception>
    public static IEnumerable<KeyValuePair<string, string>> Read(string? typed) => (typed ?? "").Split(BetweenStates, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(entry =>
    {
        var equals = entry.LastIndexOf('=');
        var (word, meaning) = equals < 1 ? (entry, "") : (entry[..equals].Trim(), entry[(equals + 1)..].Trim().ToLowerInvariant());
        return OrderStates.All.Contains(meaning)
            ? KeyValuePair.Create(word, meaning)
            : throw new CommandUsageException($"Say of the order state '{word}' what it means: {string.Join(", ", OrderStates.All)}, like \"{word}=paid\".");
    });

    /// <summary>Null for a word that nobody has explained: its rows do not count as sold.</summary>
    public static string? Of(ImportMapping mapping, string word) => mapping.OrderStates.GetValueOrDefault(word);
}
