namespace MerchantStudio.Core.Ingestion.Text;

/// <summary>Stops a gzip file that unpacks to more than it should.</summary>
/// <param name="packed">The stream under <paramref name="unpacked"/>; its position tells what went in.</param>
internal sealed class UnpackedStream(Stream packed, Stream unpacked, long maxBytes, int maxRatio) : Stream
{
    /// <summary>Repetitive but honest files exceed the ratio while they are small.</summary>
    private const long RatioCountsFrom = 64L * 1024 * 1024;

    private long _unpackedBytes;

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => _unpackedBytes; set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var read = unpacked.Read(buffer);
        _unpackedBytes += read;
        if (_unpackedBytes > maxBytes) throw new UnpackLimitException(maxBytes, null);
        if (_unpackedBytes > RatioCountsFrom && _unpackedBytes / Math.Max(1, packed.Position) > maxRatio) throw new UnpackLimitException(null, maxRatio);
        return read;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) unpacked.Dispose();
        base.Dispose(disposing);
    }
}

/// <summary>A compressed file grew beyond the cap; turned into a problem at the entry of the slice.</summary>
internal sealed class UnpackLimitException(long? maxBytes, int? maxRatio) : IOException("The compressed file unpacks to more than is allowed.")
{
    public long? MaxBytes { get; } = maxBytes;
    public int? MaxRatio { get; } = maxRatio;
}
