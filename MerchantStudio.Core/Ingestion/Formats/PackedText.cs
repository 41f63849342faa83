using System.IO.Compression;
using System.Text;
using MerchantStudio.Core.Ingestion.Text;

namespace MerchantStudio.Core.Ingestion.Formats;

/// <summary>A file's text as UTF-8 without a byte order mark, unpacked on the way when it came as gzip.</summary>
internal static class PackedText
{
    private const int Sample = 64 * 1024;

    /// <exception cref="FileRefusedException">Its letters cannot be read.</exception>
    public static Stream Open(string path, ConversionLimits limits)
    {
        Stream bytes = OpenBytes(path, limits);
        var start = new byte[Sample];
        start = start[..bytes.ReadAtLeast(start, Sample, throwOnEndOfStream: false)];
        if (EncodingDetector.Detect(start) is not { } encoding) throw new FileRefusedException(TextProblems.UnknownEncoding());
        Stream text = new PrefixedStream(start.AsMemory(EncodingDetector.BomLength(encoding, start)), bytes);
        return encoding is TextEncoding.Utf8 or TextEncoding.Utf8WithBom ? text : Encoding.CreateTranscodingStream(text, EncodingDetector.For(encoding), Encoding.UTF8);
    }

    public static Stream OpenBytes(string path, ConversionLimits limits)
    {
        var file = new FileStream(path, new FileStreamOptions { BufferSize = 128 * 1024, Options = FileOptions.SequentialScan });
        var isGzip = file.ReadByte() == 0x1F && file.ReadByte() == 0x8B;
        file.Position = 0;
        return isGzip ? new UnpackedStream(file, new GZipStream(file, CompressionMode.Decompress), limits.MaxBytes, limits.MaxRatio) : file;
    }
}
