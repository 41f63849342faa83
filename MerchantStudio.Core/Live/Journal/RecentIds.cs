using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace MerchantStudio.Core.Live.Journal;

/// <summary>The last message ids, as 128 bits of their SHA-256. Not thread-safe.</summary>
internal sealed class RecentIds(int most)
{
    private readonly HashSet<UInt128> _ids = [];
    private readonly Queue<UInt128> _order = new();

    public static UInt128 Of(string messageId)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(messageId), hash);
        return BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }

    public bool Contains(UInt128 id) => _ids.Contains(id);

    /// <summary>Remembers these and forgets the oldest beyond the limit.</summary>
    public void Add(IEnumerable<UInt128> ids)
    {
        foreach (var id in ids)
        {
            if (_ids.Add(id)) _order.Enqueue(id);
        }

        while (_order.Count > most) _ids.Remove(_order.Dequeue());
    }
}
