using System.Buffers;
using System.Security.Cryptography;

namespace MerchantStudio.Core.Shop;

/// <summary>A personal code: a prefix if wanted, ten random letters of Crockford's base 32 (no I, L, O, U) and one check letter that catches a wrong or swapped letter.</summary>
public static class CodeText
{
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private const int RandomLetters = 10;

    /// <summary>What else is read as which letter of a code. Codes have Latin letters without accents only, so no other letter has a capital here.</summary>
    private const string Typed = "abcdefghijklmnopqrstuvwxyzILO";
    private const string Read = "ABCDEFGH1JK1MN0PQRSTUVWXYZ110";

    // All that char.IsWhiteSpace names; \s alone leaves out those that are no ASCII.
    private const string Spaces = @"[\x{09}-\x{0D}\x{20}\x{85}\x{A0}\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}\x{205F}\x{3000}]";

    private static readonly SearchValues<char> Letters = SearchValues.Create(Alphabet);

    public static string New(string prefix)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        Span<char> letters = stackalloc char[RandomLetters + 1];
        Span<byte> bytes = stackalloc byte[RandomLetters];
        RandomNumberGenerator.Fill(bytes);
        for (var index = 0; index < RandomLetters; index++) letters[index] = Alphabet[bytes[index] & 31];
        letters[RandomLetters] = Alphabet[CheckOf(letters[..RandomLetters])];
        return prefix.Length == 0 ? new string(letters) : $"{prefix}-{letters}";
    }

    /// <summary>As it is looked up, whatever was typed from a printed card: without spaces, small letters as capitals, I and L as 1, O as 0.</summary>
    public static string Normalise(string typed)
    {
        ArgumentNullException.ThrowIfNull(typed);
        return string.Concat(typed.Where(letter => !char.IsWhiteSpace(letter)).Select(letter => Typed.IndexOf(letter, StringComparison.Ordinal) is >= 0 and var at ? Read[at] : letter));
    }

    /// <summary>The same of a column of texts in the warehouse.</summary>
    /// <param name="column">SQL of ours.</param>
    internal static string Sql(string column) => $"translate(regexp_replace({column}, '{Spaces}', '', 'g'), '{Typed}', '{Read}')";

    /// <summary>Whether a normalised code can be one of ours at all.</summary>
    public static bool IsWellFormed(string code)
    {
        ArgumentNullException.ThrowIfNull(code);
        var letters = code.AsSpan(code.LastIndexOf('-') + 1);
        if (letters.Length != RandomLetters + 1 || letters.ContainsAnyExcept(Letters)) return false;
        return Alphabet[CheckOf(letters[..RandomLetters])] == letters[RandomLetters];
    }

    /// <summary>Luhn's method with 32 in place of 10.</summary>
    private static int CheckOf(ReadOnlySpan<char> letters)
    {
        var sum = 0;
        for (var index = 0; index < letters.Length; index++)
        {
            var value = Alphabet.IndexOf(letters[^(index + 1)], StringComparison.Ordinal);
            if (index % 2 == 0) value *= 2;
            sum += (value / Alphabet.Length) + (value % Alphabet.Length);
        }

        return (Alphabet.Length - (sum % Alphabet.Length)) % Alphabet.Length;
    }
}
