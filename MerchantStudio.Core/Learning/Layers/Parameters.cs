using MerchantStudio.Core.Learning.Kernels;

namespace MerchantStudio.Core.Learning.Layers;

/// <summary>A matrix or row that is trained.</summary>
/// <param name="Offset">Its first number among all parameters.</param>
/// <param name="GradientOffset">Its first number among the gradients; for a lazy table its place among the lazy tables.</param>
/// <param name="Decays">Whether a penalty on large weights applies: not to biases and gains.</param>
/// <param name="Lazy">Whether its gradient is kept row by row, only for the rows that a batch touches.</param>
/// <param name="Channels">What shares a step when it is written as 8-bit numbers.</param>
internal sealed record Parameter(string Name, int Offset, int GradientOffset, int Rows, int Columns, bool Decays, bool Lazy, WeightChannels Channels)
{
    public int Length => Rows * Columns;
}

internal enum WeightChannels
{
    /// <summary>It is never rounded.</summary>
    None,

    /// <summary>Each output of a layer.</summary>
    Columns,

    /// <summary>Each row of a table of embeddings.</summary>
    Rows,
}

/// <summary>All numbers that a network learns, side by side, so that one loop can step, copy or save them.</summary>
internal sealed unsafe class Parameters
{
    private readonly List<(Parameter Parameter, float Spread, float Value)> _all = [];
    private AlignedNumbers? _values;
    private int _lazyTables;

    /// <summary>Numbers of all parameters; each begins on a multiple of 16.</summary>
    public int Length { get; private set; }

    /// <summary>Numbers of the parameters whose gradients are dense.</summary>
    public int GradientLength { get; private set; }

    public IEnumerable<Parameter> All => _all.Select(entry => entry.Parameter);

    public IEnumerable<Parameter> LazyTables => All.Where(parameter => parameter.Lazy);

    /// <summary>Available once <see cref="Begin"/> has been called.</summary>
    public float* Values => _values is null ? null : _values.Pointer;

    public Span<float> Span => new(Values, Length);

    /// <summary>A weight that begins evenly spread in ±sqrt(6 / (in + out)).</summary>
    /// <remarks>Glorot and Bengio, Understanding the difficulty of training deep feedforward neural networks, AISTATS 2010.</remarks>
    public Parameter Weight(string name, int rows, int columns) => Add(name, rows, columns, MathF.Sqrt(6f / (rows + columns)), 0, decays: true, lazy: false, WeightChannels.Columns);

    /// <summary>A parameter that begins evenly spread in ±<paramref name="spread"/>.</summary>
    public Parameter Spread(string name, int rows, int columns, float spread) => Add(name, rows, columns, spread, 0, decays: true, lazy: false);

    /// <summary>A table of embeddings of which a batch touches a few rows only.</summary>
    /// <param name="lazy">True to keep gradients for touched rows alone, false where every row gets one (a softmax over all).</param>
    public Parameter Table(string name, int rows, int columns, float spread, bool lazy) => Add(name, rows, columns, spread, 0, decays: true, lazy, WeightChannels.Rows);

    /// <summary>A row that begins with one value throughout.</summary>
    public Parameter Row(string name, int columns, float value) => Add(name, 1, columns, 0, value, decays: false, lazy: false);

    /// <summary>Sets every parameter to its beginning. After it none can be added.</summary>
    public void Begin(ulong seed)
    {
        _values ??= new AlignedNumbers(Length);
        _values.Span.Clear();
        for (var index = 0; index < _all.Count; index++)
        {
            var (parameter, spread, value) = _all[index];
            var random = new SeededRandom(SeededRandom.Mix(seed, (ulong)index + 1));
            for (var i = 0; i < parameter.Length; i++) Values[parameter.Offset + i] = spread > 0 ? (float)((2 * random.NextDouble()) - 1) * spread : value;
        }
    }

    private Parameter Add(string name, int rows, int columns, float spread, float value, bool decays, bool lazy, WeightChannels channels = WeightChannels.None)
    {
        if (_values is not null) throw new InvalidOperationException("The parameters have begun: none can be added.");
        var parameter = new Parameter(name, Length, lazy ? _lazyTables++ : GradientLength, rows, columns, decays, lazy, channels);
        var room = (parameter.Length + 15) / 16 * 16;
        _all.Add((parameter, spread, value));
        Length += room;
        if (!lazy) GradientLength += room;
        return parameter;
    }
}
