using System.IO.Compression;
using System.Text;
using MerchantStudio.Core.Ingestion.Text;

namespace MerchantStudio.Core.Ingestion.Formats;

/// <summary>What a file is by what it holds; names and extensions count for nothing.</summary>
internal enum Container
{
    /// <summary>Left to the reader of delimited text, which also names what it cannot read.</summary>
    Text,
    Json,
    Zip,
    Xlsx,
    Parquet,
    Sqlite,

    /// <summary>An Office file behind a password.</summary>
    Locked,
}

internal static class FormatDetector
{
    private const int Sample = 64 * 1024;
    private static readonly byte[] Ole = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

    public static bool IsGzip(string path)
    {
        using var file = File.OpenRead(path);
        return Head(file) is [0x1F, 0x8B, ..];
    }

    public static Container Detect(string path)
    {
        using var file = File.OpenRead(path);
        var start = Head(file);
        if (start is [0x1F, 0x8B, ..])
        {
            file.Position = 0;
            using var unpacked = new GZipStream(file, CompressionMode.Decompress);
            try
            {
                return Of(Head(unpacked), isWhole: false);
            }
            catch (InvalidDataException)
            {
                // The reader of text says that the gzip file is damaged.
                return Container.Text;
            }
        }

        return Of(start, file.Length <= Sample);
    }

    /// <param name="start">The first bytes of the content.</param>
    public static Container Of(ReadOnlySpan<byte> start, bool isWhole)
    {
        if (LooksLikeWorkbook(start)) return Container.Xlsx;
        if (start.StartsWith("PK\u0003\u0004"u8) || start.StartsWith("PK\u0005\u0006"u8)) return Container.Zip;
        if (start.StartsWith("PAR1"u8) && start.Contains((byte)0)) return Container.Parquet;
        if (start.StartsWith("SQLite format 3\0"u8)) return Container.Sqlite;
        if (start.StartsWith(Ole) && start.IndexOf(Encoding.Unicode.GetBytes("EncryptedPackage")) >= 0) return Container.Locked;
        return LooksLikeJson(start, isWhole) ? Container.Json : Container.Text;
    }

    /// <summary>A ZIP archive whose first members are a workbook's.</summary>
    public static bool LooksLikeWorkbook(ReadOnlySpan<byte> start) => start.StartsWith("PK\u0003\u0004"u8) && (start.IndexOf("[Content_Types].xml"u8) > 0 || start.IndexOf("xl/work"u8) > 0);

    public static bool IsArchive(ReadOnlySpan<byte> start) =>
        start.StartsWith("PK\u0003\u0004"u8) || start.StartsWith("PK\u0005\u0006"u8) || start.StartsWith("Rar!"u8) || start.StartsWith("BZh"u8)
        || start is [0x1F, 0x8B, ..] or [0x37, 0x7A, 0xBC, 0xAF, ..] or [0x28, 0xB5, 0x2F, 0xFD, ..];

    public static byte[] Head(Stream stream)
    {
        var bytes = new byte[Sample];
        var read = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return bytes[..read];
    }

    /// <summary>An object with a quoted name, or a list of objects. A CSV file whose header begins with a bracket is neither.</summary>
    private static bool LooksLikeJson(ReadOnlySpan<byte> start, bool isWhole)
    {
        if (EncodingDetector.Detect(start) is not { } encoding) return false;
        start = start[EncodingDetector.BomLength(encoding, start)..];
        var text = (encoding is TextEncoding.Utf8 or TextEncoding.Utf8WithBom ? Encoding.UTF8 : EncodingDetector.For(encoding)).GetString(start).AsSpan().TrimStart();
        if (text.IsEmpty || text[0] is not ('{' or '[')) return false;
        var inner = text[1..].TrimStart();
        if (inner.IsEmpty) return isWhole;
        return text[0] == '{' ? inner[0] is '"' or '}' : inner[0] is '{' or '[' or ']';
    }
}
