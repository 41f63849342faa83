using System.Collections.Immutable;
using System.IO.Compression;
using System.Text;
using MerchantStudio.Core.Ingestion.Formats;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Ingestion.Text;

/// <summary>A delimited text file opened for reading record by record, whatever its encoding, delimiter, header or compression.</summary>
public sealed class DelimitedFile : IDisposable
{
    private const int SampleBytes = 1024 * 1024;
    private const int SampleRows = 1_000;
    private readonly FileStream _file;
    private readonly CsvReader _reader;
    private readonly ReadableFile _source;
    private readonly int _first;

    private DelimitedFile(FileStream file, CsvReader reader, ReadableFile source, FileShape shape, ImmutableArray<ImmutableArray<string>> sample)
    {
        _file = file;
        _reader = reader;
        _source = source;
        _first = source.Numbered ? 1 : 0;
        Shape = shape with { Format = source.Format, Parts = source.Parts, Part = source.Part, NamesColumns = source.NamesColumns, LateFields = source.LateFields };
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

    /// <summary>Line of the file on which the current record begins, sheet row or record number of a converted one; the first is 1.</summary>
    public long Line => _source.Numbered ? Position : _reader.Line;

    /// <summary>Fields of the current record; 0 when it could not be cut.</summary>
    public int FieldCount => Math.Max(0, _reader.FieldCount - _first);

    /// <summary>Whether the record is sound text cut into as many fields as there are columns; converted files leave empty ones at the end out.</summary>
    public bool IsWhole => Fault == RecordFault.None && (FieldCount == Columns.Length || (_source.Numbered && FieldCount < Columns.Length));

    internal RecordFault Fault => _reader.Fault == RecordFault.None && _source.Numbered && _reader[0] is [.., TableWriter.BrokenMark] ? RecordFault.Unreadable : _reader.Fault;

    internal ReadOnlySpan<byte> Raw => !_source.Numbered ? _reader.Raw : Fault == RecordFault.Unreadable ? Utf8(0) : _reader.Raw[Math.Min(_reader.Raw.Length, PositionLength + 1)..];

    /// <summary>What a converter left out.</summary>
    internal ReadableFile Source => _source;

    private long Position => System.Buffers.Text.Utf8Parser.TryParse(_reader.Raw, out long position, out _) ? position : 0;

    private int PositionLength => System.Buffers.Text.Utf8Parser.TryParse(_reader.Raw, out long _, out var length) ? length : 0;

    /// <summary>Opens a file and finds out how it is written.</summary>
    /// <returns>The file before its first data record, or why it cannot be read: missing, empty, binary, unknown encoding, unpacked too large.</returns>
    public static Outcome<DelimitedFile> Open(string path, FileReading reading)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(reading);
        return Open(ReadableFile.Plain(path), reading);
    }

    /// <summary>Opens a file that a converter may have written.</summary>
    internal static Outcome<DelimitedFile> Open(ReadableFile source, FileReading reading)
    {
        var path = source.Path;
        if (!File.Exists(path)) return TextProblems.Missing(Path.GetFileName(path));
        var file = new FileStream(path, new FileStreamOptions { BufferSize = 128 * 1024, Options = FileOptions.SequentialScan });
        try
        {
            var opened = source.Numbered ? OpenNumbered(file, source, reading) : Open(file, source, reading);
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
    public string Text(int column) => column < FieldCount ? Encoding.UTF8.GetString(_reader[column + _first]) : "";

    /// <summary>The field's UTF-8 text without its quotes, valid until the next <see cref="Read"/>; empty beyond the record's end.</summary>
    public ReadOnlySpan<byte> Utf8(int column) => column < FieldCount ? _reader[column + _first] : default;

    public void Dispose()
    {
        _reader.Dispose();
        _file.Dispose();
    }

    /// <summary>A converted file is UTF-8 with commas and a position before each record; only its header may be in question.</summary>
    private static Outcome<DelimitedFile> OpenNumbered(FileStream file, ReadableFile source, FileReading reading)
    {
        var format = new CsvFormat((byte)',');
        var sample = ReadAhead(file, SampleBytes);
        var rows = SampleOf(sample, format, reading.MaxColumns + 1, out _).Where(row => !row[0].EndsWith((char)TableWriter.BrokenMark)).Select(row => row[1..]).ToList();
        if (rows.Count == 0) return TextProblems.Empty();
        if (rows[0].Length > reading.MaxColumns) return TextProblems.TooManyColumns(reading.MaxColumns);
        var hasHeader = source.NamesColumns || (reading.HasHeader ?? HeaderDetector.HasHeader(rows));
        var columns = hasHeader ? [.. rows[0].Select(name => name.Trim())] : Enumerable.Range(1, rows.Max(row => row.Length)).Select(number => $"Column {number}").ToImmutableArray();
        var reader = new CsvReader(new PrefixedStream(sample, file), format, reading.MaxColumns + 1);
        if (hasHeader) reader.Read();
        var shape = new FileShape(TextEncoding.Utf8, ',', hasHeader, Compressed: false, columns);
        var records = rows.Skip(hasHeader ? 1 : 0).Select(row => Padded(row, columns.Length)).ToImmutableArray();
        var rowsOfHeader = hasHeader && !source.NamesColumns ? 1 : 0;
        return new DelimitedFile(file, reader, source, shape, records) { EstimatedRows = source.Records - rowsOfHeader ?? records.Length };
    }

    private static ImmutableArray<string> Padded(string[] row, int columns) => row.Length >= columns ? [.. row] : [.. row, .. Enumerable.Repeat("", columns - row.Length)];

    private static Outcome<DelimitedFile> Open(FileStream file, ReadableFile source, FileReading reading)
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
        return new DelimitedFile(file, reader, source, shape, records) { EstimatedRows = whole ? records.Length : (long)(records.Length * textBytes / Math.Max(1, sampled)) };
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
