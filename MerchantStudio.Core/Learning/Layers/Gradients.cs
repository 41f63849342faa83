using System.Collections.Immutable;
using MerchantStudio.Core.Learning.Kernels;

namespace MerchantStudio.Core.Learning.Layers;

/// <summary>What one group of a batch adds to the gradients: dense numbers for most parameters, touched rows for lazy tables.</summary>
internal sealed unsafe class Gradients
{
    private readonly AlignedNumbers _dense;

    public Gradients(Parameters parameters)
    {
        _dense = new AlignedNumbers(Math.Max(1, parameters.GradientLength));
        Tables = [.. parameters.LazyTables.Select(table => new RowGradients(table.Rows, table.Columns))];
    }

    /// <summary>At <see cref="Parameter.GradientOffset"/> of each parameter that is not lazy.</summary>
    public float* Dense => _dense.Pointer;

    /// <summary>Numbers in <see cref="Dense"/>.</summary>
    public int Length => _dense.Length;

    /// <summary>At <see cref="Parameter.GradientOffset"/> of each lazy table.</summary>
    public ImmutableArray<RowGradients> Tables { get; }

    public void Clear()
    {
        _dense.Span.Clear();
        foreach (var table in Tables) table.Clear();
    }

    /// <summary>Adds another group's. Called for the groups in their order, so that sums do not depend on who finished first.</summary>
    public void Add(KernelSet kernels, Gradients other)
    {
        kernels.AddScaled(1, other.Dense, Dense, Length);
        for (var i = 0; i < Tables.Length; i++) Tables[i].Add(kernels, other.Tables[i]);
    }
}

/// <summary>Gradients of the rows of a table that were touched, in the order of the first touch.</summary>
internal sealed unsafe class RowGradients(int rows, int columns)
{
    private const int FirstRoom = 256;

    private readonly int[] _slots = new int[rows];   // 1 + place among the touched rows; 0 untouched
    private readonly List<int> _touched = [];
    private AlignedNumbers _numbers = new(FirstRoom * columns);

    public IReadOnlyList<int> Touched => _touched;

    public int Columns => columns;

    /// <summary>All touched rows' gradients, one after the other.</summary>
    public Span<float> Span => new(_numbers.Pointer, _touched.Count * columns);

    /// <summary>The gradient of a row, 0 at its first touch. The pointer is good until the next call.</summary>
    public float* Row(int row)
    {
        if (_slots[row] == 0)
        {
            if ((_touched.Count + 1) * columns > _numbers.Length) Grow();
            _touched.Add(row);
            _slots[row] = _touched.Count;
            new Span<float>(At(_touched.Count - 1), columns).Clear();
        }

        return At(_slots[row] - 1);
    }

    /// <param name="place">From 0, in <see cref="Touched"/>.</param>
    public float* At(int place) => _numbers.Pointer + ((long)place * columns);

    public void Clear()
    {
        foreach (var row in _touched) _slots[row] = 0;
        _touched.Clear();
    }

    public void Add(KernelSet kernels, RowGradients other)
    {
        for (var place = 0; place < other._touched.Count; place++) kernels.AddScaled(1, other.At(place), Row(other._touched[place]), columns);
    }

    private void Grow()
    {
        var larger = new AlignedNumbers(2 * _numbers.Length);
        _numbers.Span.CopyTo(larger.Span);
        _numbers = larger;
    }
}
