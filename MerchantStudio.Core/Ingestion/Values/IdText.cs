using System.Text;

namespace MerchantStudio.Core.Ingestion.Values;

/// <summary>The one form of an id: full-width letters and digits become plain ones, and an e-mail used as an id loses its capitals. The case of other ids is theirs.</summary>
internal sealed class IdText
{
    private byte[] _bytes = new byte[128];

    /// <returns>The id itself when it is in that form; else valid until the next call.</returns>
    public ReadOnlySpan<byte> Normal(ReadOnlySpan<byte> id)
    {
        var mail = id.Contains((byte)'@');
        if (!mail && id.IndexOfAnyInRange((byte)0x80, (byte)0xFF) < 0) return id;
        var text = Encoding.UTF8.GetString(id);
        if (!text.IsNormalized(NormalizationForm.FormKC)) text = text.Normalize(NormalizationForm.FormKC).Trim();
        if (mail || text.Contains('@', StringComparison.Ordinal)) text = text.ToLowerInvariant();
        var most = Encoding.UTF8.GetMaxByteCount(text.Length);
        if (most > _bytes.Length) _bytes = new byte[most];
        return _bytes.AsSpan(0, Encoding.UTF8.GetBytes(text, _bytes));
    }
}
