namespace MerchantStudio.Core.Learning.Kernels;

/// <summary>One number at a time, for processors without vectors and to check the others by.</summary>
internal readonly unsafe struct SimdNone : ISimd<float>
{
    public static string Name => "Scalar";

    public static int Width => 1;

    public static int TileRows => 6;

    public static float All(float value) => value;

    public static float Load(float* from) => *from;

    public static void Store(float* to, float value) => *to = value;

    public static float Add(float left, float right) => left + right;

    public static float Subtract(float left, float right) => left - right;

    public static float Multiply(float left, float right) => left * right;

    public static float Divide(float left, float right) => left / right;

    public static float MultiplyAdd(float left, float right, float addend) => (left * right) + addend;

    public static float Max(float left, float right) => MathF.Max(left, right);

    public static float WhereAbove0(float gate, float value) => gate > 0 ? value : 0;

    public static float Sqrt(float value) => MathF.Sqrt(value);

    public static float Exp(float value) => MathF.Exp(value);

    public static float Sum(float value) => value;

    public static float Largest(float value) => value;
}
