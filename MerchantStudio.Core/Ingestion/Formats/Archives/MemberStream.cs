using System.IO.Compression;

namespace MerchantStudio.Core.Ingestion.Formats.Archives;

/// <summary>A member of an archive while it is unpacked: stops a bomb, and finds a member whose bytes are not those that were packed.</summary>
internal sealed class MemberStream(ZipArchiveEntry entry, long packedBytes, ConversionLimits limits) : Stream
{
    private static readonly uint[] Table = MakeTable();
    private readonly Stream _unpacked = entry.Open();
    private uint _sum = uint.MaxValue;
    private long _read;

    /// <summary>Bytes in a row without the beginning of a tag, for XML: longer ones are not a workbook's and would be held in memory as one.</summary>
    public int LongestRun { get; init; } = int.MaxValue;

    private long _run;

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => _read; set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty) return 0;
        var count = _unpacked.Read(buffer);
        if (count == 0)
        {
            if (~_sum != entry.Crc32 || _read != entry.Length) throw new InvalidDataException($"'{entry.FullName}' does not match its checksum.");
            return 0;
        }

        var bytes = buffer[..count];
        foreach (var value in bytes) _sum = Table[(byte)(_sum ^ value)] ^ (_sum >> 8);
        _read += count;
        limits.Check(_read, packedBytes);
        if (LongestRun < int.MaxValue) CheckRun(bytes);
        return count;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) _unpacked.Dispose();
        base.Dispose(disposing);
    }

    private void CheckRun(ReadOnlySpan<byte> bytes)
    {
        var last = bytes.LastIndexOf((byte)'<');
        _run = last < 0 ? _run + bytes.Length : bytes.Length - last;
        if (_run > LongestRun) throw new InvalidDataException($"'{entry.FullName}' holds a text that is too long.");
    }

    private static uint[] MakeTable()
    {
        var table = new uint[256];
        for (uint value = 0; value < 256; value++)
        {
            var sum = value;
            for (var bit = 0; bit < 8; bit++) sum = (sum & 1) == 1 ? 0xEDB88320 ^ (sum >> 1) : sum >> 1;
            table[value] = sum;
        }

        return table;
    }
}
