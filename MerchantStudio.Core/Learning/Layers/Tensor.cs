using MerchantStudio.Core.Learning.Kernels;

namespace MerchantStudio.Core.Learning.Layers;

/// <summary>Numbers of a batch: <see cref="Batch"/> examples, each a row of <see cref="Columns"/> at every one of <see cref="Time"/> steps. The memory is the pass's.</summary>
/// <param name="Time">1 for tables.</param>
internal readonly unsafe record struct Tensor(nint Data, int Batch, int Time, int Columns)
{
    public float* Pointer => (float*)Data;

    public int Rows => Batch * Time;

    public int Length => Rows * Columns;

    public Span<float> Span => new(Pointer, Length);

    /// <summary>All rows as one matrix.</summary>
    public Matrix Matrix => new(Pointer, Rows, Columns);

    /// <summary>One example, a row a step.</summary>
    public Matrix Example(int index) => new(Pointer + ((long)index * Time * Columns), Time, Columns);

    /// <summary>One step of all examples.</summary>
    public Matrix Step(int time) => new((nint)(Pointer + ((long)time * Columns)), Batch, Columns, Time * Columns);
}
