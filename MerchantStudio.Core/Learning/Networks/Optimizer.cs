using MerchantStudio.Core.Learning.Kernels;
using MerchantStudio.Core.Learning.Layers;

namespace MerchantStudio.Core.Learning.Networks;

/// <summary>Moves parameters along their gradients. Dense parameters move in every step; of lazy tables only the rows that the batch touched, memory of past gradients included.</summary>
internal abstract unsafe class Optimizer
{
    private readonly Parameter[] _parameters;
    private readonly AlignedNumbers[] _memory;

    protected Optimizer(Parameters parameters, KernelSet kernels, OptimizerOptions options, int memories)
    {
        Parameters = parameters;
        Kernels = kernels;
        Options = options;
        _parameters = [.. parameters.All];
        _memory = [.. Enumerable.Range(0, memories).Select(_ => new AlignedNumbers(parameters.Length))];
    }

    /// <summary>Steps taken.</summary>
    public long Steps { get; private set; }

    /// <summary>What it remembers of past gradients, each laid out as the parameters are.</summary>
    public IReadOnlyList<AlignedNumbers> Memory => _memory;

    protected Parameters Parameters { get; }

    protected KernelSet Kernels { get; }

    protected OptimizerOptions Options { get; }

    public static Optimizer Create(Parameters parameters, KernelSet kernels, OptimizerOptions options) =>
        options.Kind == OptimizerKind.Sgd ? new Sgd(parameters, kernels, options) : new Adam(parameters, kernels, options);

    /// <summary>One step. The gradients are shortened and penalised in place.</summary>
    public void Step(Gradients gradients)
    {
        var rate = Options.Rate * (Options.Schedule?.Factor(Steps) ?? 1);
        Steps++;
        Begin(rate);
        if (Options.LargestNorm > 0) Clip(gradients, Options.LargestNorm);
        foreach (var parameter in _parameters)
        {
            if (!parameter.Lazy)
            {
                Update(parameter, parameter.Offset, gradients.Dense + parameter.GradientOffset, parameter.Length);
                continue;
            }

            var rows = gradients.Tables[parameter.GradientOffset];
            for (var place = 0; place < rows.Touched.Count; place++)
                Update(parameter, parameter.Offset + (rows.Touched[place] * parameter.Columns), rows.At(place), parameter.Columns);
        }

        GC.KeepAlive(gradients);
    }

    /// <summary>Takes up a training where it was left.</summary>
    public void Resume(long steps) => Steps = steps;

    /// <summary>Shortens the gradient to a norm over all parameters.</summary>
    /// <returns>The norm before.</returns>
    /// <remarks>Pascanu, Mikolov and Bengio, On the difficulty of training recurrent neural networks, ICML 2013.</remarks>
    public double Clip(Gradients gradients, double largestNorm)
    {
        double squares = Squares(gradients.Dense, gradients.Length);
        foreach (var table in gradients.Tables)
        {
            fixed (float* rows = table.Span) squares += Squares(rows, table.Span.Length);
        }

        var norm = Math.Sqrt(squares);
        if (norm <= largestNorm) return norm;
        var share = (float)(largestNorm / norm);
        Kernels.Scale(share, gradients.Dense, gradients.Length);
        foreach (var table in gradients.Tables)
        {
            fixed (float* rows = table.Span) Kernels.Scale(share, rows, table.Span.Length);
        }

        return norm;
    }

    /// <summary>Called before the parameters of a step.</summary>
    protected abstract void Begin(double rate);

    /// <summary>Moves numbers that lie side by side.</summary>
    /// <param name="offset">Of the first among all parameters.</param>
    protected abstract void Update(Parameter parameter, int offset, float* gradient, int length);

    /// <summary>Adds the slope of λ/2 |w|².</summary>
    protected void Penalise(Parameter parameter, int offset, float* gradient, int length)
    {
        if (Options.Decay > 0 && parameter.Decays) Kernels.AddScaled((float)Options.Decay, Parameters.Values + offset, gradient, length);
    }

    /// <summary>In parts, so that a long gradient does not lose small numbers.</summary>
    private double Squares(float* numbers, int length)
    {
        const int Part = 4096;
        var sum = 0.0;
        for (var from = 0; from < length; from += Part) sum += Kernels.Dot(numbers + from, numbers + from, Math.Min(Part, length - from));
        return sum;
    }
}

/// <summary>v = μ v + g, w = w - rate v.</summary>
/// <remarks>Sutskever and others, On the importance of initialization and momentum in deep learning, ICML 2013, in the form without the rate in v.</remarks>
internal sealed unsafe class Sgd(Parameters parameters, KernelSet kernels, OptimizerOptions options) : Optimizer(parameters, kernels, options, memories: 1)
{
    private float _rate;

    protected override void Begin(double rate) => _rate = (float)rate;

    protected override void Update(Parameter parameter, int offset, float* gradient, int length)
    {
        Penalise(parameter, offset, gradient, length);
        var velocity = Memory[0].Pointer + offset;
        Kernels.Scale((float)Options.Momentum, velocity, length);
        Kernels.AddScaled(1, gradient, velocity, length);
        Kernels.AddScaled(-_rate, velocity, Parameters.Values + offset, length);
    }
}

/// <summary>m = β1 m + (1 - β1) g, v = β2 v + (1 - β2) g², w = w - rate m̂ / (sqrt v̂ + ε) with the means corrected for their beginning at 0; AdamW takes rate × decay of w off as well.</summary>
/// <remarks>Kingma and Ba, Adam, ICLR 2015; Loshchilov and Hutter, Decoupled weight decay regularization, ICLR 2019. Rows of lazy tables are corrected by all steps, touched or not.</remarks>
internal sealed unsafe class Adam(Parameters parameters, KernelSet kernels, OptimizerOptions options) : Optimizer(parameters, kernels, options, memories: 2)
{
    private float _rate;
    private float _epsilon;
    private float _decay;

    protected override void Begin(double rate)
    {
        var first = 1 - Math.Pow(Options.Beta1, Steps);
        var second = Math.Sqrt(1 - Math.Pow(Options.Beta2, Steps));
        _rate = (float)(rate * second / first);
        _epsilon = (float)(Options.Epsilon * second);
        _decay = Options.Kind == OptimizerKind.AdamW ? (float)(rate * Options.Decay) : 0;
    }

    protected override void Update(Parameter parameter, int offset, float* gradient, int length)
    {
        if (Options.Kind == OptimizerKind.Adam) Penalise(parameter, offset, gradient, length);
        Kernels.Adam(
            Parameters.Values + offset, gradient, Memory[0].Pointer + offset, Memory[1].Pointer + offset, length,
            _rate, (float)Options.Beta1, (float)Options.Beta2, _epsilon, parameter.Decays ? _decay : 0);
    }
}
