namespace MerchantStudio.Core.Learning.Kernels;

/// <summary>Numbers that never move, beginning where a vector may. They live as long as this object is held: whoever keeps the pointer keeps the object.</summary>
internal sealed unsafe class AlignedNumbers
{
    private const int Alignment = 64;

    private readonly float[] _memory;

    /// <summary>All 0.</summary>
    public AlignedNumbers(int length)
    {
        _memory = GC.AllocateArray<float>(length + (Alignment / sizeof(float)), pinned: true);
        var start = (nint)System.Runtime.CompilerServices.Unsafe.AsPointer(ref _memory[0]);
        Pointer = (float*)((start + Alignment - 1) & -Alignment);
        Length = length;
    }

    public float* Pointer { get; }

    public int Length { get; }

    public Span<float> Span => new(Pointer, Length);
}
