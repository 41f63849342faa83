using System.Runtime.InteropServices;

namespace MerchantStudio.Core.Learning.Layers;

/// <summary>A matrix or row that is trained.</summary>
/// <param name="Offset">Its first number among all parameters.</param>
internal sealed record Parameter(string Name, int Offset, int Rows, int Columns)
{
    public int Length => Rows * Columns;
}

/// <summary>All numbers that a network learns, side by side, so that one loop can step, copy or save them.</summary>
internal sealed unsafe class Parameters : IDisposable
{
    private const int Alignment = 64;

    private readonly List<(Parameter Parameter, float Spread, float Value)> _all = [];
    private float* _values;

    /// <summary>Numbers of all parameters; each begins on a multiple of 16.</summary>
    public int Length { get; private set; }

    public IEnumerable<Parameter> All => _all.Select(entry => entry.Parameter);

    /// <summary>Available once <see cref="Begin"/> has been called.</summary>
    public float* Values => _values;

    /// <summary>A weight that begins evenly spread in ±sqrt(6 / (in + out)).</summary>
    /// <remarks>Glorot and Bengio, Understanding the difficulty of training deep feedforward neural networks, AISTATS 2010.</remarks>
    public Parameter Weight(string name, int rows, int columns) => Add(name, rows, columns, MathF.Sqrt(6f / (rows + columns)), 0);

    /// <summary>A parameter that begins evenly spread in ±<paramref name="spread"/>.</summary>
    public Parameter Spread(string name, int rows, int columns, float spread) => Add(name, rows, columns, spread, 0);

    /// <summary>A row that begins with one value throughout.</summary>
    public Parameter Row(string name, int columns, float value) => Add(name, 1, columns, 0, value);

    /// <summary>Sets every parameter to its beginning. After it none can be added.</summary>
    public void Begin(ulong seed)
    {
        if (_values == null) _values = (float*)NativeMemory.AlignedAlloc((nuint)Length * sizeof(float), Alignment);
        new Span<float>(_values, Length).Clear();
        for (var index = 0; index < _all.Count; index++)
        {
            var (parameter, spread, value) = _all[index];
            var random = new SeededRandom(SeededRandom.Mix(seed, (ulong)index + 1));
            for (var i = 0; i < parameter.Length; i++) _values[parameter.Offset + i] = spread > 0 ? (float)((2 * random.NextDouble()) - 1) * spread : value;
        }
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(_values);
        _values = null;
    }

    private Parameter Add(string name, int rows, int columns, float spread, float value)
    {
        if (_values != null) throw new InvalidOperationException("The parameters have begun: none can be added.");
        var parameter = new Parameter(name, Length, rows, columns);
        _all.Add((parameter, spread, value));
        Length += (parameter.Length + 15) / 16 * 16;
        return parameter;
    }
}
