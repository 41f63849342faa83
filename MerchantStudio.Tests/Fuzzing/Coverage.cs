using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SharpFuzz.Common;

namespace MerchantStudio.Tests.Fuzzing;

/// <summary>
/// Which ways through an instrumented assembly have been taken, and roughly how often. SharpFuzz's instrumentation counts in a map of bytes, as AFL's does
/// (M. Zalewski, American Fuzzy Lop, 2014): one for each pair of branches that follow one another.
/// </summary>
internal static unsafe class Coverage
{
    private const int Size = 1 << 16;
    private static readonly byte[] Seen = new byte[Size];

    /// <summary>Pairs of branches met so far.</summary>
    public static int Branches => Seen.Count(counts => counts != 0);

    /// <summary>Instrumented code counts from its first line on, before any test begins.</summary>
    [ModuleInitializer]
    internal static void Begin() => Trace.SharedMem = (byte*)NativeMemory.AllocZeroed(Size);

    public static void Forget()
    {
        new Span<byte>(Trace.SharedMem, Size).Clear();
        Trace.PrevLocation = 0;
    }

    /// <summary>Whether something new was counted since <see cref="Forget"/>: a pair, or one more often than ever by a power of two.</summary>
    public static bool Learn()
    {
        var isNew = false;
        for (var place = 0; place < Size; place += sizeof(ulong))
        {
            if (*(ulong*)(Trace.SharedMem + place) == 0) continue;
            for (var at = place; at < place + sizeof(ulong); at++)
            {
                var bit = Trace.SharedMem[at] == 0 ? 0 : 1 << (int)Math.Log2(Trace.SharedMem[at]);
                if ((Seen[at] & bit) == bit) continue;
                Seen[at] |= (byte)bit;
                isNew = true;
            }
        }

        return isNew;
    }
}
