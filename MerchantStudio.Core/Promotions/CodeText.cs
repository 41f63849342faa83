using System.Buffers;
using System.Security.Cryptography;

namespace MerchantStudio.Core.Promotions;

/// <summary>A personal code: a prefix if wanted, ten random letters of Crockford's base 32 (no I, L, O, U) and one check letter that catches a wrong or swapped letter.</summary>
public static class CodeText
{
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private const int RandomLetters = 10;
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
        return string.Concat(typed.Where(letter => !char.IsWhiteSpace(letter))).ToUpperInvariant().Replace('I', '1').Replace('L', '1').Replace('O', '0');
    }

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
