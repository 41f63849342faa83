using MerchantStudio.Core.Ingestion.Text;

namespace MerchantStudio.Core.Ingestion.Formats.Json;

/// <summary>Lines of UTF-8 text without copying them; a line that is too long comes as its beginning.</summary>
internal sealed class LineReader(Stream utf8)
{
    private const int Beginning = 1_000;
    private byte[] _buffer = new byte[256 * 1024];
    private int _next;
    private int _filled;
    private bool _ended;
    private bool _skipping;
    private int _from;
    private int _length;

    /// <summary>Line of the file; the first is 1.</summary>
    public long Line { get; private set; }

    public bool IsTooLong { get; private set; }

    /// <summary>Without its line end; valid until the next <see cref="Read"/>.</summary>
    public ReadOnlySpan<byte> Text => _buffer.AsSpan(_from, _length).Trim(" \t\r"u8);

    public bool Read()
    {
        IsTooLong = false;
        if (_skipping && !SkipRest()) return false;
        var searched = 0;
        while (true)
        {
            var at = _buffer.AsSpan(_next + searched, _filled - _next - searched).IndexOf((byte)'\n');
            if (at >= 0) return Take(searched + at, searched + at + 1);
            searched = _filled - _next;
            if (_ended) return searched > 0 && Take(searched, searched);
            if (searched >= CsvFormat.MaxRecordBytes)
            {
                IsTooLong = _skipping = true;
                return Take(Beginning, searched);
            }

            Fill();
        }
    }

    private bool Take(int length, int consumed)
    {
        (_from, _length) = (_next, length);
        _next += consumed;
        Line++;
        return true;
    }

    /// <summary>False when the file ends with the line that was too long.</summary>
    private bool SkipRest()
    {
        _skipping = false;
        while (true)
        {
            var at = _buffer.AsSpan(_next, _filled - _next).IndexOf((byte)'\n');
            if (at >= 0)
            {
                _next += at + 1;
                return true;
            }

            if (_ended) return false;
            _next = _filled;
            Fill();
        }
    }

    private void Fill()
    {
        var unread = _filled - _next;
        if (_next > 0)
        {
            _buffer.AsSpan(_next, unread).CopyTo(_buffer);
            (_next, _filled) = (0, unread);
        }

        if (_filled == _buffer.Length) Array.Resize(ref _buffer, _buffer.Length * 2);
        var read = utf8.Read(_buffer, _filled, _buffer.Length - _filled);
        _filled += read;
        _ended = read == 0;
    }
}
