using System.Text;
using System.Text.Unicode;

namespace MerchantStudio.Core.Ingestion.Text;

/// <summary>Tells a text's encoding from its first bytes, and a binary file from a text.</summary>
internal static class EncodingDetector
{
    /// <summary>Kinds of file that people rename to .csv, by their first bytes.</summary>
    private static readonly (byte[] Start, string Name)[] Signatures =
    [
        ("PK\u0003\u0004"u8.ToArray(), "Excel workbook or ZIP archive"),
        ([0xD0, 0xCF, 0x11, 0xE0], "old Excel workbook"),
        ("%PDF"u8.ToArray(), "PDF document"),
        ([0x89, 0x50, 0x4E, 0x47], "PNG picture"),
        ([0xFF, 0xD8, 0xFF], "JPEG picture"),
        ("GIF8"u8.ToArray(), "GIF picture"),
        ("PAR1"u8.ToArray(), "Parquet file"),
        ("SQLite format 3"u8.ToArray(), "SQLite database"),
        ([0x7F, 0x45, 0x4C, 0x46], "program"),
        ([0x1F, 0x8B], "gzip file inside a gzip file"),
        ([0x37, 0x7A, 0xBC, 0xAF], "7-Zip archive"),
        ("Rar!"u8.ToArray(), "RAR archive"),
        ([0x28, 0xB5, 0x2F, 0xFD], "Zstandard archive"),
        ("BZh9"u8.ToArray(), "bzip2 archive"),
        ("ORC"u8.ToArray(), "ORC file"),
    ];

    static EncodingDetector() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <summary>What the file is when it is not a text; null for a text.</summary>
    public static string? BinaryKind(ReadOnlySpan<byte> sample)
    {
        foreach (var (start, name) in Signatures)
        {
            if (sample.StartsWith(start) && !LooksLikeWords(sample, start)) return name;
        }

        if (Bom(sample) is not null || IsUtf16(sample) is not null) return null;
        var control = 0;
        foreach (var value in sample)
        {
            if (value < 32 && value is not ((byte)'\t' or (byte)'\r' or (byte)'\n')) control++;
        }

        return control * 100L > sample.Length ? "binary file" : null;
    }

    /// <returns>Null when no supported encoding fits.</returns>
    public static TextEncoding? Detect(ReadOnlySpan<byte> sample)
    {
        if (Bom(sample) is { } marked) return marked;
        if (IsUtf16(sample) is { } wide) return wide;
        var (sequences, faults) = CountUtf8(sample);
        if (faults == 0) return TextEncoding.Utf8;
        if (IsChinese(sample)) return TextEncoding.Gb18030;

        // A sound text with a few broken rows: those are set aside one by one later.
        return sequences > faults || faults * 100L < sample.Count((byte)'\n') * 2L ? TextEncoding.Utf8 : null;
    }

    public static Encoding For(TextEncoding encoding) => encoding switch
    {
        TextEncoding.Utf16LittleEndian => Encoding.Unicode,
        TextEncoding.Utf16BigEndian => Encoding.BigEndianUnicode,
        TextEncoding.Gb18030 => Encoding.GetEncoding("GB18030"),
        TextEncoding.Windows1252 => Encoding.GetEncoding(1252),
        _ => Encoding.UTF8,
    };

    public static int BomLength(TextEncoding encoding, ReadOnlySpan<byte> sample) => encoding switch
    {
        TextEncoding.Utf8WithBom => 3,
        TextEncoding.Utf16LittleEndian or TextEncoding.Utf16BigEndian when Bom(sample) == encoding => 2,
        TextEncoding.Gb18030 when sample.StartsWith<byte>([0x84, 0x31, 0x95, 0x33]) => 4,
        _ => 0,
    };

    private static TextEncoding? Bom(ReadOnlySpan<byte> sample) => sample switch
    {
        [0xEF, 0xBB, 0xBF, ..] => TextEncoding.Utf8WithBom,
        [0xFF, 0xFE, ..] => TextEncoding.Utf16LittleEndian,
        [0xFE, 0xFF, ..] => TextEncoding.Utf16BigEndian,
        [0x84, 0x31, 0x95, 0x33, ..] => TextEncoding.Gb18030,
        _ => null,
    };

    /// <summary>Without a mark, UTF-16 shows by its delimiters and line ends: every second byte of them is zero.</summary>
    private static TextEncoding? IsUtf16(ReadOnlySpan<byte> sample)
    {
        int even = 0, odd = 0, pairs = sample.Length / 2;
        if (pairs < 2) return null;
        for (var pair = 0; pair < pairs; pair++)
        {
            if (sample[2 * pair] == 0 && sample[2 * pair + 1] is >= 9 and < 127) even++;
            if (sample[2 * pair + 1] == 0 && sample[2 * pair] is >= 9 and < 127) odd++;
        }

        if (odd * 10L > pairs && even * 50L < odd) return TextEncoding.Utf16LittleEndian;
        return even * 10L > pairs && odd * 50L < even ? TextEncoding.Utf16BigEndian : null;
    }

    /// <summary>Sound multi-byte sequences and places where the bytes are not UTF-8; a sequence cut off by the sample's end is neither.</summary>
    private static (long Sequences, long Faults) CountUtf8(ReadOnlySpan<byte> sample)
    {
        if (Utf8.IsValid(sample)) return (1, 0);
        long sequences = 0, faults = 0;
        while (!sample.IsEmpty)
        {
            var status = Rune.DecodeFromUtf8(sample, out var rune, out var length);
            if (status == System.Buffers.OperationStatus.NeedMoreData) break;
            if (status == System.Buffers.OperationStatus.InvalidData) faults++;
            else if (rune.Value > 127) sequences++;
            sample = sample[length..];
        }

        return (sequences, faults);
    }

    /// <summary>Decodes without a fault, and most double bytes are everyday characters (GB2312 level 1 or its punctuation).</summary>
    private static bool IsChinese(ReadOnlySpan<byte> sample)
    {
        int everyday = 0, pairs = 0;
        for (var at = 0; at < sample.Length; at++)
        {
            var lead = sample[at];
            if (lead < 0x80) continue;
            if (lead is 0x80 or 0xFF) return false;
            if (at + 1 >= sample.Length) break;
            var trail = sample[at + 1];
            if (trail is >= 0x30 and <= 0x39)
            {
                at += 3;
                continue;
            }

            if (trail is < 0x40 or 0x7F or 0xFF) return false;
            pairs++;
            if (lead is >= 0xB0 and <= 0xD7 or >= 0xA1 and <= 0xA3 && trail >= 0xA1) everyday++;
            at++;
        }

        return pairs > 0 && everyday * 10 >= pairs * 6;
    }

    /// <summary>A short signature made of letters may also begin a header line ("ORC,...").</summary>
    private static bool LooksLikeWords(ReadOnlySpan<byte> sample, byte[] start) =>
        start.Length <= 3 && start.All(letter => letter is >= 32 and < 127) && !sample[..Math.Min(sample.Length, 512)].Contains((byte)0);
}
