using System.Globalization;
using System.Text;
using MerchantStudio.Core.Ingestion.Text;

namespace MerchantStudio.Core.Ingestion.Formats;

/// <summary>Writes the CSV that a converted file is read from. Each record begins with its position in the original, so that rejects name the sheet's row and not a line of this file.</summary>
/// <remarks>
/// A record that the original could not give whole is written as its position with an exclamation mark and the text as it stood. Fields that are too long for
/// <see cref="CsvReader"/> are written so that it finds them too long and nothing else. Empty fields at a record's end are left out.
/// </remarks>
internal sealed class TableWriter : IDisposable
{
    public const byte BrokenMark = (byte)'!';
    private const int LongestRaw = 1_000;
    private readonly FileStream _file;
    private readonly long _maxBytes;
    private byte[] _record = new byte[64 * 1024];
    private int _length;
    private int _filledTo;
    private bool _tooLong;
    private long _position;

    public TableWriter(string path, ConversionLimits limits)
    {
        _file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20);
        _maxBytes = limits.MaxBytes;
    }

    /// <summary>Records written, without the header.</summary>
    public long Records { get; private set; }

    public void Header(IEnumerable<string> names)
    {
        Begin(0);
        foreach (var name in names) Add(name);
        _filledTo = _length;
        End();
        Records--;
    }

    public void Begin(long position)
    {
        _position = position;
        _tooLong = false;
        _length = 0;
        Room(20);
        position.TryFormat(_record, out _length, provider: CultureInfo.InvariantCulture);
        _filledTo = _length;
    }

    public void Add(string text)
    {
        var count = Encoding.UTF8.GetMaxByteCount(text.Length);
        if (count <= 1_024)
        {
            Span<byte> small = stackalloc byte[1_024];
            Add(small[..Encoding.UTF8.GetBytes(text, small)]);
        }
        else
        {
            Add(Encoding.UTF8.GetBytes(text));
        }
    }

    public void Add(ReadOnlySpan<byte> field)
    {
        if (_tooLong) return;
        if (_length + field.Length > CsvFormat.MaxRecordBytes - 1_024)
        {
            _tooLong = true;
            return;
        }

        Room(field.Length * 2 + 3);
        _record[_length++] = (byte)',';
        if (field.IsEmpty) return;
        if (field.IndexOfAny(",\"\r\n"u8) < 0) Copy(field);
        else Quote(field);
        _filledTo = _length;
    }

    public void End()
    {
        if (_tooLong) Filler();
        else _length = _filledTo;
        Room(1);
        _record[_length++] = (byte)'\n';
        _file.Write(_record, 0, _length);
        Records++;
        if (_file.Position > _maxBytes) throw new UnpackLimitException(_maxBytes, null);
    }

    /// <summary>A record that cannot be read, with the beginning of its text.</summary>
    public void Broken(long position, ReadOnlySpan<byte> raw)
    {
        Begin(position);
        _record[_length++] = BrokenMark;
        _filledTo = _length;
        Add(Encoding.UTF8.GetString(raw[..Math.Min(raw.Length, LongestRaw)]));
        End();
    }

    public void Dispose() => _file.Dispose();

    private void Copy(ReadOnlySpan<byte> field)
    {
        field.CopyTo(_record.AsSpan(_length));
        _length += field.Length;
    }

    private void Quote(ReadOnlySpan<byte> field)
    {
        // The reader counts doubled quotation marks too before it gives a field up.
        if (field.Length + field.Count((byte)'"') > CsvFormat.MaxFieldBytes)
        {
            foreach (var letter in field[..Math.Min(field.Length, CsvFormat.MaxFieldBytes)]) _record[_length++] = letter is (byte)',' or (byte)'"' or (byte)'\r' or (byte)'\n' ? (byte)' ' : letter;
            Room(CsvFormat.MaxFieldBytes + 1);
            while (_length <= _filledTo + CsvFormat.MaxFieldBytes + 1) _record[_length++] = (byte)' ';
            _record[_length++] = (byte)'.';
            return;
        }

        _record[_length++] = (byte)'"';
        foreach (var letter in field)
        {
            if (letter == (byte)'"') _record[_length++] = (byte)'"';
            _record[_length++] = letter;
        }

        _record[_length++] = (byte)'"';
    }

    /// <summary>One run of letters that is longer than any record may be.</summary>
    private void Filler()
    {
        Begin(_position);
        Room(CsvFormat.MaxRecordBytes * 2);
        _record[_length++] = (byte)',';
        _record.AsSpan(_length, CsvFormat.MaxRecordBytes + CsvFormat.MaxFieldBytes).Fill((byte)'.');
        _length += CsvFormat.MaxRecordBytes + CsvFormat.MaxFieldBytes;
    }

    private void Room(int more)
    {
        if (_length + more > _record.Length) Array.Resize(ref _record, Math.Max(_record.Length * 2, _length + more));
    }
}
