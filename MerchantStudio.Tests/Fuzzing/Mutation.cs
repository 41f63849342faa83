namespace MerchantStudio.Tests.Fuzzing;

/// <summary>Small faults in good bytes.</summary>
internal static class Mutation
{
    private static readonly byte[] Signs = [.. "\0\n\r\",;{}[]<>\\'="u8];

    /// <summary>One to five of them.</summary>
    public static byte[] Of(byte[] good, Random random)
    {
        var bytes = good.ToList();
        for (var change = random.Next(1, 6); change > 0 && bytes.Count > 1; change--) Change(bytes, random.Next(bytes.Count), random);
        return [.. bytes];
    }

    /// <summary>The beginning of one and the end of another.</summary>
    public static byte[] Joined(byte[] first, byte[] second, Random random) => [.. first.AsSpan(0, random.Next(first.Length + 1)), .. second.AsSpan(random.Next(second.Length + 1))];

    private static void Change(List<byte> bytes, int at, Random random)
    {
        switch (random.Next(6))
        {
            case 0:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                bytes[at] = (byte)random.Next(256);
                break;
            case 2:
                bytes.RemoveRange(at, Math.Min(random.Next(1, 20), bytes.Count - at));
                break;
            case 3:
                bytes.InsertRange(at, bytes.GetRange(0, Math.Min(random.Next(1, 40), bytes.Count)));
                break;
            case 4 when random.Next(4) == 0:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            default:
                bytes[at] = Signs[random.Next(Signs.Length)];
                break;
        }
    }
}
