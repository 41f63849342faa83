namespace MerchantStudio.Core.Reviews.Text;

/// <summary>64-bit names of terms: a model keeps these instead of the customers' words. FNV-1a over lower-case letters, then mixed.</summary>
internal static class TermHash
{
    private const ulong Offset = 14695981039346656037UL;
    private const ulong Prime = 1099511628211UL;

    public static ulong Of(ReadOnlySpan<char> text)
    {
        var hash = Offset;
        foreach (var letter in text)
        {
            if (letter is '\'' or '’') continue;
            hash = (hash ^ char.ToLowerInvariant(letter)) * Prime;
        }

        return Mix(hash);
    }

    /// <summary>The name of a term that is made of others, in order.</summary>
    public static ulong Join(ulong left, ulong right) => Mix((left * 0x9E3779B97F4A7C15UL) ^ right);

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
