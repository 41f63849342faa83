using System.Runtime.InteropServices;

namespace MerchantStudio.Core.Native.OnnxRuntime;

/// <summary>ONNX Runtime's native library, whether it is here, which version it is, and where its functions are.</summary>
/// <remarks>There is no build for Intel Macs; features that need it say so, nothing else fails.</remarks>
internal static class OnnxRuntimeLibrary
{
    private static readonly Lazy<nint> Base = new(Load);

    /// <summary>"1.30.0"; null where the library is not offered for this machine.</summary>
    public static unsafe string? Version => Base.Value == 0 ? null : Marshal.PtrToStringUTF8((nint)((ApiBase*)Base.Value)->GetVersionString());

    /// <summary>The functions of the library, in their order.</summary>
    public static unsafe nint* Table(uint version) => (nint*)((ApiBase*)Base.Value)->GetApi(version);

    private static string FileName => true switch
    {
        _ when OperatingSystem.IsWindows() => "onnxruntime.dll",
        _ when OperatingSystem.IsMacOS() => "libonnxruntime.1.30.0.dylib",
        _ => "libonnxruntime.so.1",
    };

    /// <summary>The library stays loaded for the process's life: it keeps threads of its own.</summary>
    private static unsafe nint Load()
    {
        if (!NativeLibrary.TryLoad(Path.Combine(AppContext.BaseDirectory, FileName), out var library) || !NativeLibrary.TryGetExport(library, "OrtGetApiBase", out var entry)) return 0;
        return (nint)((delegate* unmanaged<ApiBase*>)entry)();
    }

    /// <summary>OrtApiBase of onnxruntime_c_api.h: two functions, in this order for every version.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly unsafe struct ApiBase
    {
        public readonly delegate* unmanaged<uint, void*> GetApi;
        public readonly delegate* unmanaged<byte*> GetVersionString;
    }
}
