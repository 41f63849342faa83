namespace MerchantStudio.Core.Learning.Kernels;

/// <summary>The few operations that the kernels are written in, over <see cref="Width"/> numbers at once. Calls are resolved when the code is compiled.</summary>
/// <typeparam name="TVector">What holds the numbers.</typeparam>
internal unsafe interface ISimd<TVector>
    where TVector : struct
{
    static abstract string Name { get; }

    static abstract int Width { get; }

    /// <summary>Rows of the tile that a matrix product keeps in registers.</summary>
    static abstract int TileRows { get; }

    static abstract TVector All(float value);

    static abstract TVector Load(float* from);

    static abstract void Store(float* to, TVector value);

    static abstract TVector Add(TVector left, TVector right);

    static abstract TVector Subtract(TVector left, TVector right);

    static abstract TVector Multiply(TVector left, TVector right);

    static abstract TVector Divide(TVector left, TVector right);

    /// <summary>left * right + addend.</summary>
    static abstract TVector MultiplyAdd(TVector left, TVector right, TVector addend);

    static abstract TVector Max(TVector left, TVector right);

    /// <summary><paramref name="value"/> where <paramref name="gate"/> is above 0, else 0.</summary>
    static abstract TVector WhereAbove0(TVector gate, TVector value);

    static abstract TVector Sqrt(TVector value);

    static abstract TVector Exp(TVector value);

    static abstract float Sum(TVector value);

    static abstract float Largest(TVector value);
}
