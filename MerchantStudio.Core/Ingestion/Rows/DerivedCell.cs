using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MerchantStudio.Core.Ingestion.Text;
using MerchantStudio.Core.Ingestion.Values;

namespace MerchantStudio.Core.Ingestion.Rows;

/// <summary>Makes a derived column's value for the row at hand.</summary>
/// <param name="places">Where its source columns stand in the file.</param>
internal sealed class DerivedCell(DerivedColumn column, int[] places)
{
    private const int FingerprintBytes = 16;
    private readonly byte[] _text = Encoding.UTF8.GetBytes(column.Text);
    private readonly string[] _path = column.Text.Split('.');
    private byte[] _made = new byte[256];

    /// <returns>Empty when a source is; valid until the next call.</returns>
    public ReadOnlySpan<byte> Of(DelimitedFile file) => column.How switch
    {
        DerivedHow.Constant => _text,
        DerivedHow.Join => Joined(file),
        DerivedHow.Part => PartOf(Source(file, 0)),
        DerivedHow.Fingerprint => FingerprintOf(file),
        _ => FieldOf(Source(file, 0)),
    };

    private ReadOnlySpan<byte> FingerprintOf(DelimitedFile file)
    {
        var (length, filled) = (0, false);
        for (var at = 0; at < places.Length; at++)
        {
            var cell = Source(file, at);
            filled |= !cell.IsEmpty;
            if (length + cell.Length + 1 > _made.Length) Array.Resize(ref _made, Math.Max(_made.Length * 2, length + cell.Length + 1));
            cell.CopyTo(_made.AsSpan(length));
            length += cell.Length;
            _made[length++] = (byte)'\n';
        }

        if (!filled) return default;
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(_made.AsSpan(0, length), hash);
        Convert.TryToHexStringLower(hash[..FingerprintBytes], _made, out var written);
        return _made.AsSpan(0, written);
    }

    private ReadOnlySpan<byte> Source(DelimitedFile file, int at)
    {
        var cell = CellText.Bare(file.Utf8(places[at]));
        return CellText.IsMissing(cell) ? default : cell;
    }

    /// <summary>A date without its time is no time: a missing part leaves the whole empty.</summary>
    private ReadOnlySpan<byte> Joined(DelimitedFile file)
    {
        var length = 0;
        for (var at = 0; at < places.Length; at++)
        {
            var cell = Source(file, at);
            if (cell.IsEmpty) return default;
            if (at > 0) Add(_text);
            Add(cell);
        }

        return _made.AsSpan(0, length);

        void Add(ReadOnlySpan<byte> bytes)
        {
            if (length + bytes.Length > _made.Length) Array.Resize(ref _made, Math.Max(_made.Length * 2, length + bytes.Length));
            bytes.CopyTo(_made.AsSpan(length));
            length += bytes.Length;
        }
    }

    private ReadOnlySpan<byte> PartOf(ReadOnlySpan<byte> cell)
    {
        var wanted = column.Part;
        if (wanted < 0)
        {
            var parts = cell.IsEmpty ? 0 : cell.Count(_text) + 1;
            wanted += parts + 1;
        }

        if (wanted < 1) return default;
        for (; wanted > 1; wanted--)
        {
            var end = cell.IndexOf(_text);
            if (end < 0) return default;
            cell = cell[(end + _text.Length)..];
        }

        var stop = cell.IndexOf(_text);
        return CellText.Bare(stop < 0 ? cell : cell[..stop]);
    }

    /// <summary>Text and numbers as they stand; what is no JSON, or has no such property, is empty.</summary>
    private ReadOnlySpan<byte> FieldOf(ReadOnlySpan<byte> cell)
    {
        if (cell.IsEmpty) return default;
        var reader = new Utf8JsonReader(cell);
        try
        {
            if (!JsonDocument.TryParseValue(ref reader, out var document)) return default;
            using (document)
            {
                var value = document.RootElement;
                foreach (var name in _path)
                {
                    if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(name, out value)) return default;
                }

                return value.ValueKind is JsonValueKind.Null ? default : Encoding.UTF8.GetBytes(value.ToString());
            }
        }
        catch (JsonException)
        {
            return default;
        }
    }
}
