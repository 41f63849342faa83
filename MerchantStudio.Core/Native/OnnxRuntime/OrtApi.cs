using System.Runtime.InteropServices;

namespace MerchantStudio.Core.Native.OnnxRuntime;

/// <summary>ONNX Runtime's C functions by their place in OrtApi of onnxruntime_c_api.h, a table to which later versions only add.</summary>
internal static unsafe class OrtApi
{
    /// <summary>The version of the table that the places below were read from; a newer library serves it as well.</summary>
    private const uint ApiVersion = 20;

    private static readonly nint* Table = OnnxRuntimeLibrary.Table(ApiVersion);

    public static byte* GetErrorMessage(nint status) => ((delegate* unmanaged<nint, byte*>)Table[2])(status);

    public static nint CreateEnv(int severity, byte* id, nint* environment) => ((delegate* unmanaged<int, byte*, nint*, nint>)Table[3])(severity, id, environment);

    public static nint CreateSessionFromArray(nint environment, byte* model, nuint length, nint options, nint* session) => ((delegate* unmanaged<nint, byte*, nuint, nint, nint*, nint>)Table[8])(environment, model, length, options, session);

    public static nint Run(nint session, byte** inputNames, nint* inputs, nuint inputCount, byte** outputNames, nuint outputCount, nint* outputs) =>
        ((delegate* unmanaged<nint, nint, byte**, nint*, nuint, byte**, nuint, nint*, nint>)Table[9])(session, 0, inputNames, inputs, inputCount, outputNames, outputCount, outputs);

    public static nint CreateSessionOptions(nint* options) => ((delegate* unmanaged<nint*, nint>)Table[10])(options);

    public static nint SetIntraOpNumThreads(nint options, int threads) => ((delegate* unmanaged<nint, int, nint>)Table[24])(options, threads);

    public static nint CreateTensor(nint allocator, long* shape, nuint dimensions, int type, nint* value) => ((delegate* unmanaged<nint, long*, nuint, int, nint*, nint>)Table[48])(allocator, shape, dimensions, type, value);

    public static nint GetTensorMutableData(nint value, void** data) => ((delegate* unmanaged<nint, void**, nint>)Table[51])(value, data);

    public static nint FillStringTensor(nint value, byte** texts, nuint count) => ((delegate* unmanaged<nint, byte**, nuint, nint>)Table[52])(value, texts, count);

    public static nint GetTensorElementType(nint about, int* type) => ((delegate* unmanaged<nint, int*, nint>)Table[60])(about, type);

    public static nint GetTensorShapeElementCount(nint about, nuint* count) => ((delegate* unmanaged<nint, nuint*, nint>)Table[64])(about, count);

    public static nint GetTensorTypeAndShape(nint value, nint* about) => ((delegate* unmanaged<nint, nint*, nint>)Table[65])(value, about);

    public static nint GetDefaultAllocator(nint* allocator) => ((delegate* unmanaged<nint*, nint>)Table[78])(allocator);

    public static void ReleaseStatus(nint status) => Release(93, status);

    public static void ReleaseSession(nint session) => Release(95, session);

    public static void ReleaseValue(nint value) => Release(96, value);

    public static void ReleaseTensorTypeAndShapeInfo(nint about) => Release(99, about);

    public static void ReleaseSessionOptions(nint options) => Release(100, options);

    /// <param name="status">What a call returned; 0 for success.</param>
    /// <exception cref="OnnxRuntimeException">The call failed.</exception>
    public static void Check(nint status)
    {
        if (status == 0) return;
        var message = Marshal.PtrToStringUTF8((nint)GetErrorMessage(status)) ?? "no message";
        ReleaseStatus(status);
        throw new OnnxRuntimeException(message);
    }

    private static void Release(int place, nint handle) => ((delegate* unmanaged<nint, void>)Table[place])(handle);
}

/// <summary>The runtime refused a model or failed to run it; the message is its own.</summary>
public sealed class OnnxRuntimeException(string message) : Exception(message);
