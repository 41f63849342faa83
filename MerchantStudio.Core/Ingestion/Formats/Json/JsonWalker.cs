using System.Text.Json;
using MerchantStudio.Core.Ingestion.Text;

namespace MerchantStudio.Core.Ingestion.Formats.Json;

/// <summary>Gets one element of a list: the path of names to the list ("" for the document itself), the element's number in it from 1, and its JSON.</summary>
internal delegate void OnElement(string list, long number, ReadOnlySpan<byte> json);

/// <summary>Walks JSON documents of any size and hands out the elements of their lists one by one.</summary>
/// <param name="rootObjects">Hands out the objects of the top level instead, for files that are such objects one after another.</param>
internal sealed class JsonWalker(Stream utf8, bool rootObjects, OnElement onElement)
{
    private readonly List<string> _path = [];
    private byte[] _buffer = new byte[256 * 1024];
    private int _next;
    private int _filled;
    private bool _ended;
    private long _number;
    private bool _inList;
    private string _list = "";
    private string? _name;
    private JsonReaderState _state = new(new JsonReaderOptions { AllowMultipleValues = true, MaxDepth = ConversionLimits.MaxDepth });

    /// <exception cref="FileRefusedException">The text is not JSON, breaks off, or one element is longer than a record may be.</exception>
    public void Walk(CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                Step();
            }
            catch (JsonException wrong)
            {
                throw new FileRefusedException(FormatProblems.DamagedJson((wrong.LineNumber ?? 0) + 1, (wrong.BytePositionInLine ?? 0) + 1));
            }

            if (_ended) return;
            if (_filled - _next >= CsvFormat.MaxRecordBytes) throw new FileRefusedException(FormatProblems.JsonRecordTooLong(_number + 1));
            Fill();
        }
    }

    /// <summary>Reads every token that is wholly in the buffer.</summary>
    private void Step()
    {
        var reader = new Utf8JsonReader(_buffer.AsSpan(_next, _filled - _next), _ended, _state);
        var consumed = 0;
        while (reader.Read())
        {
            if (!Take(ref reader)) break;
            consumed = (int)reader.BytesConsumed;
            _state = reader.CurrentState;
        }

        _next += consumed;
    }

    /// <returns>False when an element is not yet wholly in the buffer.</returns>
    private bool Take(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.PropertyName:
                _name = reader.GetString() ?? "";
                return true;
            case JsonTokenType.EndObject:
                if (_path.Count > 0) _path.RemoveAt(_path.Count - 1);
                return true;
            case JsonTokenType.EndArray:
                _inList = false;
                return true;
            case JsonTokenType.StartArray when !_inList && !rootObjects:
                (_inList, _number) = (true, 0);
                _list = string.Join('.', _path.Skip(1).Append(_name ?? ""));
                return true;
            case JsonTokenType.StartObject when !_inList && !rootObjects:
                _path.Add(_name ?? "");
                _name = null;
                return true;
            default:
                return !(_inList || rootObjects) || Element(ref reader);
        }
    }

    private bool Element(ref Utf8JsonReader reader)
    {
        var from = (int)reader.TokenStartIndex;
        if (!reader.TrySkip()) return false;
        onElement(rootObjects ? "" : _list, ++_number, _buffer.AsSpan(_next + from, (int)reader.BytesConsumed - from));
        return true;
    }

    private void Fill()
    {
        if (_next > 0)
        {
            _buffer.AsSpan(_next, _filled - _next).CopyTo(_buffer);
            (_next, _filled) = (0, _filled - _next);
        }

        if (_filled == _buffer.Length) Array.Resize(ref _buffer, _buffer.Length * 2);
        var read = utf8.Read(_buffer, _filled, _buffer.Length - _filled);
        _filled += read;
        _ended = read == 0;
    }
}
