using MerchantStudio.Core.Learning.Kernels;

namespace MerchantStudio.Core.Learning.Layers;

/// <summary>
/// One worker's way forward and back through a network: the memory of what lies between, what the layers keep for the way back, and the gradients it gathers.
/// Nothing is allocated once the memory has grown to the size of a batch.
/// </summary>
internal sealed unsafe class Pass
{
    private const int FirstBlock = 1 << 18;

    private readonly List<AlignedNumbers> _blocks = [];
    private readonly Stack<Tensor> _kept = new();
    private readonly Parameters _parameters;
    private readonly AlignedNumbers _scratch = new(KernelSet.ScratchLength);
    private int _block;
    private int _used;
    private ulong _draws;

    /// <param name="gradients">Null for gradients of its own.</param>
    public Pass(Parameters parameters, KernelSet kernels, Gradients? gradients = null)
    {
        _parameters = parameters;
        Kernels = kernels;
        Gradients = gradients ?? new Gradients(parameters);
    }

    public KernelSet Kernels { get; }

    /// <summary>What every backward call adds to: those of the group whose rows are passing.</summary>
    public Gradients Gradients { get; set; }

    /// <summary>Whether chance (dropout) takes part.</summary>
    public bool Training { get; private set; }

    /// <summary>Begins a batch: what the one before used is free again.</summary>
    /// <param name="seed">Decides all chance in the batch; the same for the same rows, whichever worker takes them.</param>
    public void Begin(bool training, ulong seed)
    {
        if (_kept.Count > 0) throw new InvalidOperationException("The way back of the batch before did not end.");
        _block = 0;
        _used = 0;
        _draws = SeededRandom.Mix(seed, 0xD10u);
        Training = training;
    }

    public float* Value(Parameter parameter) => _parameters.Values + parameter.Offset;

    /// <summary>Of a parameter that is not lazy.</summary>
    public float* Gradient(Parameter parameter) => Gradients.Dense + parameter.GradientOffset;

    public float* ValueRow(Parameter table, int row) => Value(table) + ((long)row * table.Columns);

    /// <summary>Of a table of either kind. The pointer is good until the next call.</summary>
    public float* GradientRow(Parameter table, int row) =>
        table.Lazy ? Gradients.Tables[table.GradientOffset].Row(row) : Gradient(table) + ((long)row * table.Columns);

    public Matrix Weight(Parameter parameter) => new(Value(parameter), parameter.Rows, parameter.Columns);

    public Matrix WeightGradient(Parameter parameter) => new(Gradient(parameter), parameter.Rows, parameter.Columns);

    /// <summary>Memory until the next <see cref="Begin"/>, not cleared.</summary>
    public Tensor New(int batch, int time, int columns)
    {
        var length = ((batch * time * columns) + 15) / 16 * 16;
        while (_block < _blocks.Count && _used + length > _blocks[_block].Length)
        {
            _block++;
            _used = 0;
        }

        if (_block == _blocks.Count)
        {
            var size = Math.Max(FirstBlock, length);
            _blocks.Add(new AlignedNumbers(size));
            _used = 0;
        }

        var at = _blocks[_block].Pointer + _used;
        _used += length;
        return new Tensor((nint)at, batch, time, columns);
    }

    public Tensor Copy(Tensor source)
    {
        var copy = New(source.Batch, source.Time, source.Columns);
        source.Span.CopyTo(copy.Span);
        return copy;
    }

    /// <summary>Keeps a tensor for the way back, which takes them in the opposite order.</summary>
    public void Keep(Tensor tensor) => _kept.Push(tensor);

    public Tensor Recall() => _kept.Pop();

    /// <summary>Forgets what was kept, where only the result is wanted.</summary>
    public void Forget() => _kept.Clear();

    /// <summary>A number that no other call in the batch gets.</summary>
    public ulong Draw() => SeededRandom.Mix(_draws, _draws++);

    public void Multiply(Matrix a, Matrix b, Matrix c, bool add) => Kernels.Multiply(a, b, c, add, _scratch.Pointer);
}
