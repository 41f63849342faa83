using System.Text;

namespace MerchantStudio.Core.Learning.Onnx.Brought;

/// <summary>Walks over the fields of one message in Protocol Buffers' wire format without copying it; nothing in it is trusted.</summary>
/// <exception cref="InvalidDataException">The bytes are no such message.</exception>
internal ref struct ProtoReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _at;
    private int _kind;
    private ulong _number;
    private ReadOnlySpan<byte> _content;

    /// <summary>The number of the field that <see cref="Next"/> came to.</summary>
    public int Field { get; private set; }

    /// <summary>A whole number.</summary>
    public readonly long Int => _kind == 0 ? (long)_number : throw Broken();

    /// <summary>The bytes of a text, of raw content or of an inner message.</summary>
    public readonly ReadOnlySpan<byte> Content => _kind == 2 ? _content : throw Broken();

    public readonly string Text => Encoding.UTF8.GetString(Content);

    /// <returns>False at the end.</returns>
    public bool Next()
    {
        if (_at == _bytes.Length) return false;
        var tag = Varint();
        if (tag >> 3 is 0 or > 0x1FFF_FFFF) throw Broken();
        (Field, _kind) = ((int)(tag >> 3), (int)(tag & 7));
        if (_kind == 0) _number = Varint();
        else _content = Take(_kind switch { 1 => sizeof(ulong), 2 => Varint(), 5 => sizeof(uint), _ => throw Broken() });
        return true;
    }

    /// <summary>How many numbers a field that may repeat or be packed holds here.</summary>
    /// <param name="size">Bytes of each; 0 for numbers of varying length.</param>
    public readonly long Count(int size)
    {
        if (_kind != 2) return 1;
        if (size > 0) return _content.Length % size == 0 ? _content.Length / size : throw Broken();
        var count = 0L;
        foreach (var value in _content) count += value < 0x80 ? 1 : 0;
        return count;
    }

    /// <summary>Numbers of a field that may repeat or be packed.</summary>
    public readonly void AddTo(List<long> numbers)
    {
        if (_kind == 0)
        {
            numbers.Add((long)_number);
            return;
        }

        var packed = new ProtoReader(Content);
        while (packed._at < packed._bytes.Length) numbers.Add((long)packed.Varint());
    }

    private ulong Varint()
    {
        var value = 0UL;
        for (var shift = 0; shift < 70; shift += 7)
        {
            if (_at == _bytes.Length) throw Broken();
            var next = _bytes[_at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80) return value;
        }

        throw Broken();
    }

    private ReadOnlySpan<byte> Take(ulong length)
    {
        if (length > (ulong)(_bytes.Length - _at)) throw Broken();
        var taken = _bytes.Slice(_at, (int)length);
        _at += (int)length;
        return taken;
    }

    /// <summary>Says where, in no language: the merchant reads it within a sentence of her own.</summary>
    private readonly InvalidDataException Broken() => new(FormattableString.Invariant($"{_at}/{_bytes.Length}"));
}
