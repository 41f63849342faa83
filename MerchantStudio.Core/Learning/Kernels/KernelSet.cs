using System.Runtime.Intrinsics;

namespace MerchantStudio.Core.Learning.Kernels;

/// <summary>
/// The arithmetic that training and scoring spend their time in, for one kind of processor. All sets give the same results up to rounding; one set gives the
/// same bits each time, whatever the number of threads that call it.
/// </summary>
internal abstract unsafe class KernelSet
{
    /// <summary>Numbers that <see cref="Multiply"/> needs as scratch.</summary>
    public const int ScratchLength = 512 * 32;

    /// <summary>Every set that this processor can run, the fastest first.</summary>
    public static IReadOnlyList<KernelSet> All { get; } =
    [
        .. Vector512.IsHardwareAccelerated ? [new Kernels<Simd512, Vector512<float>>()] : (KernelSet[])[],
        .. Vector256.IsHardwareAccelerated ? [new Kernels<Simd256, Vector256<float>>()] : (KernelSet[])[],
        new Kernels<SimdNone, float>(),
    ];

    public static KernelSet Best => All[0];

    /// <summary>"Vector512", "Vector256" or "Scalar"; kept with every model.</summary>
    public abstract string Name { get; }

    /// <summary>C = A B, or C += A B.</summary>
    /// <param name="a">m by k, in any view.</param>
    /// <param name="b">k by n, in any view.</param>
    /// <param name="c">m by n, rows in memory one after the other.</param>
    /// <param name="scratch"><see cref="ScratchLength"/> numbers that nobody else uses meanwhile.</param>
    public abstract void Multiply(Matrix a, Matrix b, Matrix c, bool add, float* scratch);

    /// <summary>y += factor * x.</summary>
    public abstract void AddScaled(float factor, float* x, float* y, int length);

    /// <summary>y *= factor.</summary>
    public abstract void Scale(float factor, float* y, int length);

    /// <summary>y *= x, element by element.</summary>
    public abstract void MultiplyBy(float* x, float* y, int length);

    public abstract float Dot(float* x, float* y, int length);

    /// <summary>Adds one row to each row of x.</summary>
    public abstract void AddToRows(float* row, float* x, int rows, int columns);

    /// <summary>Adds the sum over x's rows to one row.</summary>
    public abstract void AddRowSums(float* x, float* row, int rows, int columns);

    /// <summary>x = max(x, 0).</summary>
    public abstract void Rectify(float* x, int length);

    /// <summary>dy = dy where y is above 0, else 0.</summary>
    public abstract void RectifyBackward(float* y, float* dy, int length);

    /// <summary>x = 1 / (1 + e^-x).</summary>
    public abstract void Sigmoid(float* x, int length);

    /// <summary>x = tanh x.</summary>
    public abstract void Tanh(float* x, int length);

    /// <summary>x = e^x / sum e^x over one row; its first <paramref name="valid"/> numbers take part, the others become 0.</summary>
    public abstract void Softmax(float* x, int length, int valid);

    /// <summary>dx = y (dy - y·dy) over one row, in the place of dy.</summary>
    public abstract void SoftmaxBackward(float* y, float* dy, int length);

    /// <summary>y = (x - mean) / sd * gain + shift for one row.</summary>
    /// <param name="normal">Receives (x - mean) / sd.</param>
    /// <returns>1 / sd.</returns>
    /// <remarks>Ba, Kiros and Hinton, Layer normalization, 2016.</remarks>
    public abstract float Normalize(float* x, float* gain, float* shift, float* normal, float* y, int length, float epsilon);

    /// <summary>Gradients of <see cref="Normalize"/> for one row; gain's and shift's are added to what is there.</summary>
    /// <param name="dx">Receives x's gradient; may be dy.</param>
    public abstract void NormalizeBackward(float* normal, float inverse, float* gain, float* dy, float* dGain, float* dShift, float* dx, int length);

    /// <summary>One step of Adam on values that lie side by side.</summary>
    /// <param name="rate">Learning rate, the corrections for the first steps included.</param>
    /// <param name="decay">Share of the value that is taken off, AdamW's decoupled decay; 0 for plain Adam.</param>
    /// <remarks>Kingma and Ba, Adam, ICLR 2015; Loshchilov and Hutter, Decoupled weight decay regularization, ICLR 2019.</remarks>
    public abstract void Adam(float* value, float* gradient, float* first, float* second, int length, float rate, float beta1, float beta2, float epsilon, float decay);
}
