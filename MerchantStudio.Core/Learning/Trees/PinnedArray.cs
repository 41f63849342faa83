using System.Runtime.CompilerServices;

namespace MerchantStudio.Core.Learning.Trees;

/// <summary>Memory that the collector neither moves nor frees while this object is reachable, from the start of a cache line.</summary>
internal sealed unsafe class PinnedArray<T>
    where T : unmanaged
{
    private const int CacheLine = 64;

    private readonly byte[] _bytes;

    /// <summary>All zero.</summary>
    public PinnedArray(int length)
    {
        _bytes = GC.AllocateArray<byte>(checked((length * sizeof(T)) + CacheLine), pinned: true);
        Pointer = (T*)(((nint)Unsafe.AsPointer(ref _bytes[0]) + CacheLine - 1) & -CacheLine);
        Length = length;
    }

    public int Length { get; }

    public T* Pointer { get; }

    public Span<T> Span => new(Pointer, Length);
}
