namespace MerchantStudio.Core.Learning.Kernels;

/// <summary>The kernels over one width of vector; what does not fill a vector is done number by number at the end.</summary>
internal sealed unsafe class Kernels<TSimd, TVector> : KernelSet
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    public override string Name => TSimd.Name;

    public override void Multiply(Matrix a, Matrix b, Matrix c, bool add, float* scratch) => MatrixProduct<TSimd, TVector>.Run(a, b, c, add, scratch);

    public override void AddScaled(float factor, float* x, float* y, int length)
    {
        var f = TSimd.All(factor);
        var i = 0;
        for (; i <= length - TSimd.Width; i += TSimd.Width) TSimd.Store(y + i, TSimd.MultiplyAdd(f, TSimd.Load(x + i), TSimd.Load(y + i)));
        for (; i < length; i++) y[i] += factor * x[i];
    }

    public override void Scale(float factor, float* y, int length)
    {
        var f = TSimd.All(factor);
        var i = 0;
        for (; i <= length - TSimd.Width; i += TSimd.Width) TSimd.Store(y + i, TSimd.Multiply(f, TSimd.Load(y + i)));
        for (; i < length; i++) y[i] *= factor;
    }

    public override void MultiplyBy(float* x, float* y, int length)
    {
        var i = 0;
        for (; i <= length - TSimd.Width; i += TSimd.Width) TSimd.Store(y + i, TSimd.Multiply(TSimd.Load(x + i), TSimd.Load(y + i)));
        for (; i < length; i++) y[i] *= x[i];
    }

    public override float Dot(float* x, float* y, int length)
    {
        var sums = TSimd.All(0);
        var i = 0;
        for (; i <= length - TSimd.Width; i += TSimd.Width) sums = TSimd.MultiplyAdd(TSimd.Load(x + i), TSimd.Load(y + i), sums);
        var sum = TSimd.Sum(sums);
        for (; i < length; i++) sum += x[i] * y[i];
        return sum;
    }

    public override void AddToRows(float* row, float* x, int rows, int columns)
    {
        for (var r = 0; r < rows; r++) AddScaled(1, row, x + ((long)r * columns), columns);
    }

    public override void AddRowSums(float* x, float* row, int rows, int columns)
    {
        for (var r = 0; r < rows; r++) AddScaled(1, x + ((long)r * columns), row, columns);
    }

    public override void Rectify(float* x, int length)
    {
        var zero = TSimd.All(0);
        var i = 0;
        for (; i <= length - TSimd.Width; i += TSimd.Width) TSimd.Store(x + i, TSimd.Max(TSimd.Load(x + i), zero));
        for (; i < length; i++) x[i] = MathF.Max(x[i], 0);
    }

    public override void RectifyBackward(float* y, float* dy, int length)
    {
        var i = 0;
        for (; i <= length - TSimd.Width; i += TSimd.Width) TSimd.Store(dy + i, TSimd.WhereAbove0(TSimd.Load(y + i), TSimd.Load(dy + i)));
        for (; i < length; i++) dy[i] = y[i] > 0 ? dy[i] : 0;
    }

    public override void Sigmoid(float* x, int length)
    {
        var one = TSimd.All(1);
        var zero = TSimd.All(0);
        var i = 0;
        for (; i <= length - TSimd.Width; i += TSimd.Width) TSimd.Store(x + i, TSimd.Divide(one, TSimd.Add(one, TSimd.Exp(TSimd.Subtract(zero, TSimd.Load(x + i))))));
        for (; i < length; i++) x[i] = 1 / (1 + MathF.Exp(-x[i]));
    }

    public override void Tanh(float* x, int length)
    {
        for (var i = 0; i < length; i++) x[i] = MathF.Tanh(x[i]);
    }

    public override void Softmax(float* x, int length, int valid)
    {
        var largest = Largest(x, valid);
        var shift = TSimd.All(largest);
        var sums = TSimd.All(0);
        var i = 0;
        for (; i <= valid - TSimd.Width; i += TSimd.Width)
        {
            var e = TSimd.Exp(TSimd.Subtract(TSimd.Load(x + i), shift));
            TSimd.Store(x + i, e);
            sums = TSimd.Add(sums, e);
        }

        var sum = TSimd.Sum(sums);
        for (; i < valid; i++) sum += x[i] = MathF.Exp(x[i] - largest);
        Scale(1 / sum, x, valid);
        new Span<float>(x + valid, length - valid).Clear();
    }

    public override void SoftmaxBackward(float* y, float* dy, int length)
    {
        var dot = Dot(y, dy, length);
        var dots = TSimd.All(dot);
        var i = 0;
        for (; i <= length - TSimd.Width; i += TSimd.Width) TSimd.Store(dy + i, TSimd.Multiply(TSimd.Load(y + i), TSimd.Subtract(TSimd.Load(dy + i), dots)));
        for (; i < length; i++) dy[i] = y[i] * (dy[i] - dot);
    }

    public override float Normalize(float* x, float* gain, float* shift, float* normal, float* y, int length, float epsilon)
    {
        var mean = Sum(x, length) / length;
        var means = TSimd.All(mean);
        var squares = TSimd.All(0);
        var i = 0;
        for (; i <= length - TSimd.Width; i += TSimd.Width)
        {
            var apart = TSimd.Subtract(TSimd.Load(x + i), means);
            squares = TSimd.MultiplyAdd(apart, apart, squares);
        }

        var square = TSimd.Sum(squares);
        for (; i < length; i++) square += (x[i] - mean) * (x[i] - mean);
        var inverse = 1 / MathF.Sqrt((square / length) + epsilon);
        var inverses = TSimd.All(inverse);
        for (i = 0; i <= length - TSimd.Width; i += TSimd.Width)
        {
            var scaled = TSimd.Multiply(TSimd.Subtract(TSimd.Load(x + i), means), inverses);
            TSimd.Store(normal + i, scaled);
            TSimd.Store(y + i, TSimd.MultiplyAdd(scaled, TSimd.Load(gain + i), TSimd.Load(shift + i)));
        }

        for (; i < length; i++)
        {
            normal[i] = (x[i] - mean) * inverse;
            y[i] = (normal[i] * gain[i]) + shift[i];
        }

        return inverse;
    }

    public override void NormalizeBackward(float* normal, float inverse, float* gain, float* dy, float* dGain, float* dShift, float* dx, int length)
    {
        var sums = TSimd.All(0);
        var dots = TSimd.All(0);
        var i = 0;
        for (; i <= length - TSimd.Width; i += TSimd.Width)
        {
            var d = TSimd.Load(dy + i);
            var n = TSimd.Load(normal + i);
            TSimd.Store(dShift + i, TSimd.Add(TSimd.Load(dShift + i), d));
            TSimd.Store(dGain + i, TSimd.MultiplyAdd(d, n, TSimd.Load(dGain + i)));
            var scaled = TSimd.Multiply(d, TSimd.Load(gain + i));
            sums = TSimd.Add(sums, scaled);
            dots = TSimd.MultiplyAdd(scaled, n, dots);
        }

        var sum = TSimd.Sum(sums);
        var dot = TSimd.Sum(dots);
        for (; i < length; i++)
        {
            dShift[i] += dy[i];
            dGain[i] += dy[i] * normal[i];
            sum += dy[i] * gain[i];
            dot += dy[i] * gain[i] * normal[i];
        }

        var mean = TSimd.All(sum / length);
        var slope = TSimd.All(dot / length);
        var inverses = TSimd.All(inverse);
        for (i = 0; i <= length - TSimd.Width; i += TSimd.Width)
        {
            var scaled = TSimd.Subtract(TSimd.Multiply(TSimd.Load(dy + i), TSimd.Load(gain + i)), mean);
            TSimd.Store(dx + i, TSimd.Multiply(TSimd.Subtract(scaled, TSimd.Multiply(TSimd.Load(normal + i), slope)), inverses));
        }

        for (; i < length; i++) dx[i] = ((dy[i] * gain[i]) - (sum / length) - (normal[i] * (dot / length))) * inverse;
    }

    public override void Adam(float* value, float* gradient, float* first, float* second, int length, float rate, float beta1, float beta2, float epsilon, float decay)
    {
        TVector b1 = TSimd.All(beta1), b2 = TSimd.All(beta2), o1 = TSimd.All(1 - beta1), o2 = TSimd.All(1 - beta2), e = TSimd.All(epsilon), r = TSimd.All(-rate), keep = TSimd.All(1 - decay);
        var i = 0;
        for (; i <= length - TSimd.Width; i += TSimd.Width)
        {
            var g = TSimd.Load(gradient + i);
            var m = TSimd.MultiplyAdd(b1, TSimd.Load(first + i), TSimd.Multiply(o1, g));
            var v = TSimd.MultiplyAdd(b2, TSimd.Load(second + i), TSimd.Multiply(o2, TSimd.Multiply(g, g)));
            TSimd.Store(first + i, m);
            TSimd.Store(second + i, v);
            TSimd.Store(value + i, TSimd.MultiplyAdd(r, TSimd.Divide(m, TSimd.Add(TSimd.Sqrt(v), e)), TSimd.Multiply(keep, TSimd.Load(value + i))));
        }

        for (; i < length; i++)
        {
            first[i] = (beta1 * first[i]) + ((1 - beta1) * gradient[i]);
            second[i] = (beta2 * second[i]) + ((1 - beta2) * gradient[i] * gradient[i]);
            value[i] = ((1 - decay) * value[i]) - (rate * first[i] / (MathF.Sqrt(second[i]) + epsilon));
        }
    }

    private static float Sum(float* x, int length)
    {
        var sums = TSimd.All(0);
        var i = 0;
        for (; i <= length - TSimd.Width; i += TSimd.Width) sums = TSimd.Add(sums, TSimd.Load(x + i));
        var sum = TSimd.Sum(sums);
        for (; i < length; i++) sum += x[i];
        return sum;
    }

    private static float Largest(float* x, int length)
    {
        var largest = float.NegativeInfinity;
        var i = 0;
        if (length >= TSimd.Width)
        {
            var all = TSimd.Load(x);
            for (i = TSimd.Width; i <= length - TSimd.Width; i += TSimd.Width) all = TSimd.Max(all, TSimd.Load(x + i));
            largest = TSimd.Largest(all);
        }

        for (; i < length; i++) largest = MathF.Max(largest, x[i]);
        return largest;
    }
}
