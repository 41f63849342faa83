using System.Security.Cryptography;
using System.Text;

namespace MerchantStudio.Core.Access;

/// <summary>The one-use code that proves that whoever sets the shop up can read the console. It lives in memory only.</summary>
public sealed class SetupCode
{
    /// <summary>Crockford's letters and figures, without I, L, O and U.</summary>
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private readonly Lock _lock = new();
    private string? _code;

    /// <summary>The code, made on first use; ten characters, 50 bits.</summary>
    public string Current()
    {
        lock (_lock) return _code ??= RandomNumberGenerator.GetString(Alphabet, 10);
    }

    /// <summary>The code in groups, as people copy it: "7QK2-M9XF-4T".</summary>
    public string Shown()
    {
        var code = Current();
        return $"{code[..4]}-{code[4..8]}-{code[8..]}";
    }

    /// <summary>Whether the typed text is the code; case, spaces and hyphens do not matter, and O, I, L are read as 0, 1, 1.</summary>
    public bool Fits(string? typed)
    {
        var read = string.Concat((typed ?? "").ToUpperInvariant().Where(char.IsAsciiLetterOrDigit).Select(letter => letter switch { 'O' => '0', 'I' or 'L' => '1', _ => letter }));
        return CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(read), Encoding.ASCII.GetBytes(Current()));
    }

    /// <summary>It was used: it never fits again.</summary>
    public void Spend()
    {
        lock (_lock) _code = null;
    }
}
