using System.Numerics;
using System.Runtime.Intrinsics;
using System.Text;
using System.Text.Unicode;

namespace MerchantStudio.Core.Ingestion.Text;

/// <summary>Cuts UTF-8 bytes into records and fields without copying them. Spans it hands out hold until the next <see cref="Read"/>.</summary>
/// <remarks>
/// RFC 4180 with two liberties: a quote inside an unquoted field is a letter like any other (5" pipe), and a quoted field
/// that is not closed properly costs only the line it begins on: reading goes on with the next line, so that one stray quote never swallows its neighbours.
/// </remarks>
internal sealed class CsvReader(Stream utf8, CsvFormat format, int maxColumns = CsvFormat.MaxColumns) : IDisposable
{
    private const int FirstBuffer = 256 * 1024;
    private readonly Vector256<byte> _delimiters = Vector256.Create(format.Delimiter);
    private readonly Vector256<byte> _lineEnds = Vector256.Create(format.LineEnd);
    private byte[] _buffer = new byte[FirstBuffer];
    private int[] _from = new int[64];
    private int[] _to = new int[64];
    private bool[] _escaped = new bool[64];
    private int _next;
    private int _filled;
    private bool _ended;
    private bool _skipping;
    private int _recordFrom;
    private int _recordTo;
    private long _nextLine = 1;
    private long _dropped;
    private int _linesInside;
    private bool _quotedFirst;

    public int FieldCount { get; private set; }

    /// <summary>Line of the file on which the record begins; the first is 1.</summary>
    public long Line { get; private set; }

    public RecordFault Fault { get; private set; }

    /// <summary>Bytes of UTF-8 text consumed so far.</summary>
    public long Consumed => _dropped + _next;

    /// <summary>The record as it stands in the file; of a broken quote its first line.</summary>
    public ReadOnlySpan<byte> Raw => _buffer.AsSpan(_recordFrom, _recordTo - _recordFrom);

    /// <summary>The field's text, without its quotes.</summary>
    public ReadOnlySpan<byte> this[int field] => _buffer.AsSpan(_from[field], _to[field] - _from[field]);

    /// <summary>Moves to the next record that is not a blank line; false at the end.</summary>
    public bool Read()
    {
        while (true)
        {
            FieldCount = 0;
            Fault = RecordFault.None;
            if (_next == _filled && !Fill()) return false;
            if (_skipping) SkipLine();
            else if (Cut()) return true;
        }
    }

    public void Dispose() => utf8.Dispose();

    /// <returns>False when the record turned out blank and the next is to be tried.</returns>
    private bool Cut()
    {
        int end;
        while (true)
        {
            var step = CutFields(out end);
            if (step == Step.Whole) break;
            if (step == Step.Broken) return Broken(RecordFault.QuoteNotClosed);
            if (_filled - _next >= CsvFormat.MaxRecordBytes)
            {
                if (HasLineEnd()) return Broken(RecordFault.QuoteNotClosed);
                _recordFrom = _next;
                _recordTo = Math.Min(_filled, _next + 200);
                Line = _nextLine;
                Fault = RecordFault.RecordTooLong;
                _next = _filled;
                _skipping = true;
                return true;
            }

            if (Fill()) continue;
            if (CutFields(out end) == Step.Whole) break;
            return Broken(RecordFault.QuoteNotClosed);
        }

        _recordFrom = _next;
        _recordTo = end;
        Line = _nextLine;
        _next = Math.Min(end + 1, _filled);
        _nextLine += 1 + _linesInside;
        if (FieldCount == 1 && _to[0] == _from[0] && !_quotedFirst) return false;
        Check();
        return true;
    }

    private enum Step
    {
        Whole,
        NeedsMore,
        Broken,
    }

    private Step CutFields(out int end)
    {
        FieldCount = 0;
        _linesInside = 0;
        _quotedFirst = false;
        var at = _next;
        end = at;
        while (true)
        {
            if (at < _filled && _buffer[at] == (byte)'"')
            {
                if (FieldCount == 0) _quotedFirst = true;
                var step = CutQuoted(at, out var closing, out var escaped);
                if (step != Step.Whole) return step;
                Add(at + 1, closing, escaped);
                at = closing + 1;
                if (at < _filled && format.LineEnd == (byte)'\n' && _buffer[at] == (byte)'\r') at++;
                if (at == _filled)
                {
                    end = at;
                    return _ended ? Step.Whole : Step.NeedsMore;
                }

                if (_buffer[at] == format.LineEnd)
                {
                    end = at;
                    return Step.Whole;
                }

                if (_buffer[at] != format.Delimiter) return Step.Broken;
                at++;
                continue;
            }

            var length = EndOfField(at);
            if (length < 0)
            {
                if (!_ended) return Step.NeedsMore;
                length = _filled - at;
            }

            var stop = at + length;
            var last = stop == _filled || _buffer[stop] == format.LineEnd;
            Add(at, last && length > 0 && format.LineEnd == (byte)'\n' && _buffer[stop - 1] == (byte)'\r' ? stop - 1 : stop, escaped: false);
            end = stop;
            if (last) return Step.Whole;
            at = stop + 1;
        }
    }

    /// <summary>Letters up to the next delimiter or line end; -1 where none is in sight. Most fields are short, so their end is looked for in one go first.</summary>
    private int EndOfField(int at)
    {
        if (at + Vector256<byte>.Count <= _filled)
        {
            var letters = Vector256.Create<byte>(_buffer.AsSpan(at));
            var ends = (Vector256.Equals(letters, _delimiters) | Vector256.Equals(letters, _lineEnds)).ExtractMostSignificantBits();
            if (ends != 0) return BitOperations.TrailingZeroCount(ends);
        }

        return _buffer.AsSpan(at, _filled - at).IndexOfAny(format.Delimiter, format.LineEnd);
    }

    private Step CutQuoted(int opening, out int closing, out bool escaped)
    {
        escaped = false;
        closing = -1;
        var at = opening + 1;
        while (true)
        {
            var length = _buffer.AsSpan(at, _filled - at).IndexOf((byte)'"');
            var seen = length < 0 ? _filled - opening : at + length - opening;
            if (seen > CsvFormat.MaxFieldBytes + 2) return Step.Broken;
            if (length < 0) return _ended ? Step.Broken : Step.NeedsMore;
            at += length;
            if (at + 1 == _filled && !_ended) return Step.NeedsMore;
            if (at + 1 < _filled && _buffer[at + 1] == (byte)'"')
            {
                escaped = true;
                at += 2;
                continue;
            }

            closing = at;
            _linesInside += _buffer.AsSpan(opening, closing - opening).Count(format.LineEnd);
            return Step.Whole;
        }
    }

    private bool Broken(RecordFault fault)
    {
        var rest = _buffer.AsSpan(_next, _filled - _next);
        var length = rest.IndexOf(format.LineEnd);
        if (length < 0) length = rest.Length;
        _recordFrom = _next;
        _recordTo = _next + length;
        FieldCount = 0;
        Line = _nextLine;
        Fault = fault;
        _next = Math.Min(_recordTo + 1, _filled);
        _nextLine++;
        return true;
    }

    private bool HasLineEnd() => _buffer.AsSpan(_next, _filled - _next).Contains(format.LineEnd);

    private void SkipLine()
    {
        var length = _buffer.AsSpan(_next, _filled - _next).IndexOf(format.LineEnd);
        if (length < 0)
        {
            _next = _filled;
            return;
        }

        _next += length + 1;
        _nextLine++;
        _skipping = false;
    }

    private void Check()
    {
        var record = Raw;
        if (record.Contains((byte)0)) Fault = RecordFault.NulByte;
        else if (!Utf8.IsValid(record)) Fault = RecordFault.NotText;
        else if (record.Length > CsvFormat.MaxFieldBytes) FindLongField();
        for (var field = 0; field < FieldCount; field++)
        {
            if (_escaped[field]) Unescape(field);
        }
    }

    private void FindLongField()
    {
        for (var field = 0; field < FieldCount; field++)
        {
            if (_to[field] - _from[field] > CsvFormat.MaxFieldBytes) Fault = RecordFault.FieldTooLong;
        }
    }

    /// <summary>Doubled quotes become single ones, in place: the record is whole, its bytes are not cut again.</summary>
    private void Unescape(int field)
    {
        var write = _from[field];
        for (var read = _from[field]; read < _to[field]; read++)
        {
            _buffer[write++] = _buffer[read];
            if (_buffer[read] == (byte)'"') read++;
        }

        _to[field] = write;
    }

    private void Add(int from, int to, bool escaped)
    {
        if (FieldCount > maxColumns) return;
        if (FieldCount == _from.Length)
        {
            Array.Resize(ref _from, FieldCount * 2);
            Array.Resize(ref _to, FieldCount * 2);
            Array.Resize(ref _escaped, FieldCount * 2);
        }

        _from[FieldCount] = from;
        _to[FieldCount] = to;
        _escaped[FieldCount++] = escaped;
    }

    /// <summary>Makes room, keeps the unread part and reads on; false when the stream has no more.</summary>
    private bool Fill()
    {
        if (_ended) return false;
        var unread = _filled - _next;
        if (_next > 0)
        {
            _buffer.AsSpan(_next, unread).CopyTo(_buffer);
            _dropped += _next;
            _next = 0;
            _filled = unread;
        }

        if (_filled == _buffer.Length) Array.Resize(ref _buffer, _buffer.Length * 2);
        var read = utf8.Read(_buffer, _filled, _buffer.Length - _filled);
        _filled += read;
        _ended = read == 0;
        return !_ended;
    }

    /// <summary>The field as a string; only for text already found valid.</summary>
    public string Text(int field) => Encoding.UTF8.GetString(this[field]);
}
