using System.Runtime.InteropServices;

namespace MerchantStudio.Core.Native.OnnxRuntime;

/// <summary>What a model is given.</summary>
/// <param name="Values">Of float, double, int, long or string, row by row.</param>
/// <param name="Flat">Whether the model takes one dimension, the rows alone, instead of rows and columns.</param>
internal sealed record OrtInput(string Name, Array Values, int Rows, bool Flat = false);

/// <summary>Makes and reads the runtime's tensors; the runtime owns their memory.</summary>
internal static unsafe class OrtValue
{
    private const int Float = 1;
    private const int Int32 = 6;
    private const int Int64 = 7;
    private const int Text = 8;
    private const int Double = 11;

    public static nint Of(OrtInput input) => input.Values switch
    {
        float[] values => Of<float>(input, Float, values),
        double[] values => Of<double>(input, Double, values),
        int[] values => Of<int>(input, Int32, values),
        long[] values => Of<long>(input, Int64, values),
        string[] values => OfTexts(input, values),
        _ => throw new ArgumentException($"No tensor of {input.Values.GetType().Name}.", nameof(input)),
    };

    /// <exception cref="OnnxRuntimeException">It holds something else.</exception>
    public static float[] Numbers(nint value)
    {
        nint about;
        OrtApi.Check(OrtApi.GetTensorTypeAndShape(value, &about));
        try
        {
            int type;
            nuint count;
            void* data;
            OrtApi.Check(OrtApi.GetTensorElementType(about, &type));
            OrtApi.Check(OrtApi.GetTensorShapeElementCount(about, &count));
            if (type is not (Float or Double)) throw new OnnxRuntimeException("The result does not hold numbers of type float or double.");
            OrtApi.Check(OrtApi.GetTensorMutableData(value, &data));
            return type == Float ? new ReadOnlySpan<float>(data, checked((int)count)).ToArray() : Array.ConvertAll(new ReadOnlySpan<double>(data, checked((int)count)).ToArray(), number => (float)number);
        }
        finally
        {
            OrtApi.ReleaseTensorTypeAndShapeInfo(about);
        }
    }

    private static nint Of<T>(OrtInput input, int type, T[] values)
        where T : unmanaged
    {
        var value = Create(type, input, values.Length);
        void* data;
        OrtApi.Check(OrtApi.GetTensorMutableData(value, &data));
        values.CopyTo(new Span<T>(data, values.Length));
        return value;
    }

    private static nint OfTexts(OrtInput input, string[] values)
    {
        var value = Create(Text, input, values.Length);
        var texts = new nint[values.Length];
        try
        {
            for (var i = 0; i < texts.Length; i++) texts[i] = Marshal.StringToCoTaskMemUTF8(values[i]);
            fixed (nint* all = texts) OrtApi.Check(OrtApi.FillStringTensor(value, (byte**)all, (nuint)texts.Length));
        }
        finally
        {
            foreach (var text in texts) Marshal.FreeCoTaskMem(text);
        }

        return value;
    }

    private static nint Create(int type, OrtInput input, int length)
    {
        nint allocator, value;
        OrtApi.Check(OrtApi.GetDefaultAllocator(&allocator));
        var shape = stackalloc long[] { input.Rows, input.Rows == 0 ? 0 : length / input.Rows };
        OrtApi.Check(OrtApi.CreateTensor(allocator, shape, input.Flat ? (nuint)1 : 2, type, &value));
        return value;
    }
}
