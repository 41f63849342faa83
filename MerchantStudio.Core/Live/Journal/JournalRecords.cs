using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;

namespace MerchantStudio.Core.Live.Journal;

/// <summary>A record on disk: its length (4 bytes), the first 8 bytes of its SHA-256, then itself as JSON.</summary>
internal static class JournalRecords
{
    private const int HeadBytes = 12;
    private const int MostBytes = 64 * 1024 * 1024;

    public static void Write(LiveRecord record, MemoryStream into)
    {
        var payload = JsonSerializer.SerializeToUtf8Bytes(record, LiveJson.Default.LiveRecord);
        Span<byte> head = stackalloc byte[HeadBytes];
        BinaryPrimitives.WriteInt32LittleEndian(head, payload.Length);
        SHA256.HashData(payload).AsSpan(0, 8).CopyTo(head[4..]);
        into.Write(head);
        into.Write(payload);
    }

    /// <summary>Reads whole records from <paramref name="offset"/> up to <paramref name="end"/>, about <paramref name="most"/> rows of them.</summary>
    /// <param name="next">Where the next record begins.</param>
    /// <param name="damaged">A record that ends too early or is not what was written stands at <paramref name="next"/>.</param>
    public static List<LiveRecord> Read(string path, long offset, long end, int most, out long next, out bool damaged)
    {
        var records = new List<LiveRecord>();
        next = offset;
        damaged = false;
        if (offset >= end || !File.Exists(path)) return records;
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 64 * 1024);
        file.Position = offset;
        Span<byte> head = stackalloc byte[HeadBytes];
        for (var rows = 0; rows < most && next < end;)
        {
            if (file.ReadAtLeast(head, HeadBytes, throwOnEndOfStream: false) < HeadBytes || Payload(file, head, end) is not { } record)
            {
                damaged = true;
                break;
            }

            records.Add(record);
            rows += Math.Max(1, record.Rows.Length);
            next = file.Position;
        }

        return records;
    }

    private static LiveRecord? Payload(FileStream file, ReadOnlySpan<byte> head, long end)
    {
        var length = BinaryPrimitives.ReadInt32LittleEndian(head);
        if (length is <= 0 or > MostBytes || file.Position + length > end) return null;
        var payload = new byte[length];
        if (file.ReadAtLeast(payload, length, throwOnEndOfStream: false) < length || !SHA256.HashData(payload).AsSpan(0, 8).SequenceEqual(head[4..])) return null;
        return JsonSerializer.Deserialize(payload, LiveJson.Default.LiveRecord);
    }
}
