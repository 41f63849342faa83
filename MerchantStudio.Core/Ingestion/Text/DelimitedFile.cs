using System.Collections.Immutable;
using System.IO.Compression;
using System.Text;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Ingestion.Text;

/// <summary>A delimited text file opened for reading record by record, whatever its encoding, delimiter, header or compression.</summary>
public sealed class DelimitedFile : IDisposable
{
    private const int SampleBytes = 1024 * 1024;
    private const int SampleRows = 1_000;
    private readonly FileStream _file;
    private readonly CsvReader _reader;

    private DelimitedFile(FileStream file, CsvReader reader, FileShape shape, ImmutableArray<ImmutableArray<string>> sample)
    {
        _file = file;
        _reader = reader;
        Shape = shape;
        Sample = sample;
    }

    public FileShape Shape { get; }

    public ImmutableArray<string> Columns => Shape.Columns;

    /// <summary>The first records, at most 1,000, without the header; reading begins before them.</summary>
    public ImmutableArray<ImmutableArray<string>> Sample { get; }

    /// <summary>Records in the file, judged by the share that the sample takes; exact when the sample holds them all.</summary>
    public long EstimatedRows { get; private init; }

    /// <summary>0 to 1: how much of the file, compressed or not, has been read.</summary>
    public double Fraction => _file.Length == 0 ? 1 : Math.Min(1, (double)_file.Position / _file.Length);

    /// <summary>Line of the file on which the current record begins; the first is 1.</summary>
    public long Line => _reader.Line;

    /// <summary>Fields of the current record; 0 when it could not be cut.</summary>
    public int FieldCount => _reader.FieldCount;

    /// <summary>Whether the record is sound text cut into as many fields as there are columns.</summary>
    public bool IsWhole => Fault == RecordFault.None && FieldCount == Columns.Length;

    internal RecordFault Fault => _reader.Fault;

    internal ReadOnlySpan<byte> Raw => _reader.Raw;

    /// <summary>Opens a file and finds out how it is written.</summary>
    /// <returns>The file before its first data record, or why it cannot be read: missing, empty, binary, unknown encoding, unpacked too large.</returns>
    public static Outcome<DelimitedFile> Open(string path, FileReading reading)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(reading);
        if (!File.Exists(path)) return TextProblems.Missing(Path.GetFileName(path));
        var file = new FileStream(path, new FileStreamOptions { BufferSize = 128 * 1024, Options = FileOptions.SequentialScan });
        try
        {
            var opened = Open(file, reading);
            if (!opened.Succeeded) file.Dispose();
            return opened;
        }
        catch (UnpackLimitException limit)
        {
            file.Dispose();
            return TextProblems.UnpacksTooLarge(limit);
        }
        catch (InvalidDataException)
        {
            file.Dispose();
            return TextProblems.DamagedGzip();
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Moves to the next record that is not blank; false at the end of the file.</summary>
    public bool Read() => _reader.Read();

    /// <summary>The field's text without its quotes; empty beyond the record's end.</summary>
    public string Text(int column) => column < FieldCount ? Encoding.UTF8.GetString(_reader[column]) : "";

    /// <summary>The field's UTF-8 text without its quotes, valid until the next <see cref="Read"/>; empty beyond the record's end.</summary>
    public ReadOnlySpan<byte> Utf8(int column) => column < FieldCount ? _reader[column] : default;

    public void Dispose()
    {
        _reader.Dispose();
        _file.Dispose();
    }

    private static Outcome<DelimitedFile> Open(FileStream file, FileReading reading)
    {
        Stream bytes = file;
        var start = ReadAhead(file, 2);
        file.Position = 0;
        var compressed = start is [0x1F, 0x8B];
        if (compressed) bytes = new UnpackedStream(file, new GZipStream(file, CompressionMode.Decompress), reading.MaxUnpackedBytes, reading.MaxUnpackRatio);
        var raw = ReadAhead(bytes, SampleBytes);
        if (raw.Length == 0 || raw.AsSpan().IndexOfAnyExcept(" \t\r\n"u8) < 0) return TextProblems.Empty();
        if (EncodingDetector.BinaryKind(raw) is { } kind) return TextProblems.Binary(kind);
        var encoding = reading.Encoding ?? EncodingDetector.Detect(raw);
        if (encoding is not { } known) return TextProblems.UnknownEncoding();
        Stream text = new PrefixedStream(raw.AsMemory(EncodingDetector.BomLength(known, raw)), bytes);
        if (known is not (TextEncoding.Utf8 or TextEncoding.Utf8WithBom)) text = Encoding.CreateTranscodingStream(text, EncodingDetector.For(known), Encoding.UTF8);
        var sample = ReadAhead(text, SampleBytes);
        if (sample.Length == 0) return TextProblems.Empty();
        var format = DelimiterDetector.Detect(sample);
        if (reading.Delimiter is { } chosen) format = format with { Delimiter = (byte)chosen };

        var rows = SampleOf(sample, format, reading.MaxColumns, out var sampled);
        if (rows.Count == 0) return TextProblems.Empty();
        if (rows[0].Length > reading.MaxColumns) return TextProblems.TooManyColumns(reading.MaxColumns);
        var hasHeader = reading.HasHeader ?? HeaderDetector.HasHeader(rows);
        var columns = hasHeader ? [.. rows[0].Select(name => name.Trim())] : Enumerable.Range(1, Width(rows)).Select(number => $"Column {number}").ToImmutableArray();
        var reader = new CsvReader(new PrefixedStream(sample, text), format, reading.MaxColumns);
        if (hasHeader) reader.Read();
        var shape = new FileShape(known, (char)format.Delimiter, hasHeader, compressed, columns);
        var records = rows.Skip(hasHeader ? 1 : 0).Select(row => row.ToImmutableArray()).ToImmutableArray();
        var whole = rows.Count <= SampleRows && sample.Length < SampleBytes;
        var textBytes = sample.Length * Math.Max(1, file.Length / (double)Math.Max(1, file.Position));
        return new DelimitedFile(file, reader, shape, records) { EstimatedRows = whole ? records.Length : (long)(records.Length * textBytes / Math.Max(1, sampled)) };
    }

    private static int Width(List<string[]> rows) => rows.GroupBy(row => row.Length).MaxBy(group => group.Count())!.Key;

    private static List<string[]> SampleOf(byte[] sample, CsvFormat format, int maxColumns, out long consumed)
    {
        consumed = 0;
        using var reader = new CsvReader(new MemoryStream(sample, writable: false), format, maxColumns);
        var rows = new List<string[]>();
        while (rows.Count <= SampleRows && reader.Read())
        {
            // The sample's last record may be cut off; a whole file in the sample loses nothing.
            if (sample.Length == SampleBytes && reader.Consumed >= sample.Length && rows.Count > 0) break;
            if (reader.Fault != RecordFault.None) continue;
            var row = new string[reader.FieldCount];
            for (var field = 0; field < row.Length; field++) row[field] = reader.Text(field);
            rows.Add(row);
            consumed = reader.Consumed;
        }

        return rows;
    }

    private static byte[] ReadAhead(Stream stream, int count)
    {
        var bytes = new byte[count];
        var read = stream.ReadAtLeast(bytes, count, throwOnEndOfStream: false);
        return read == count ? bytes : bytes[..read];
    }
}
