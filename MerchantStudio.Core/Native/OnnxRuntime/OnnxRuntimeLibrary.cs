using System.Runtime.InteropServices;

namespace MerchantStudio.Core.Native.OnnxRuntime;

/// <summary>ONNX Runtime's native library, as far as it is used by now: whether it is here and which version it is.</summary>
/// <remarks>There is no build for Intel Macs; features that need it say so, nothing else fails.</remarks>
internal static class OnnxRuntimeLibrary
{
    private static readonly Lazy<string?> Loaded = new(ReadVersion);

    /// <summary>"1.30.0"; null where the library is not offered for this machine.</summary>
    public static string? Version => Loaded.Value;

    private static string FileName => true switch
    {
        _ when OperatingSystem.IsWindows() => "onnxruntime.dll",
        _ when OperatingSystem.IsMacOS() => "libonnxruntime.1.30.0.dylib",
        _ => "libonnxruntime.so.1",
    };

    /// <summary>The library stays loaded for the process's life: it keeps threads of its own.</summary>
    private static unsafe string? ReadVersion()
    {
        if (!NativeLibrary.TryLoad(Path.Combine(AppContext.BaseDirectory, FileName), out var library) || !NativeLibrary.TryGetExport(library, "OrtGetApiBase", out var entry)) return null;
        var root = ((delegate* unmanaged<ApiBase*>)entry)();
        return Marshal.PtrToStringUTF8((nint)root->GetVersionString());
    }

    /// <summary>OrtApiBase of onnxruntime_c_api.h: two functions, in this order for every version.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly unsafe struct ApiBase
    {
        public readonly delegate* unmanaged<uint, void*> GetApi;
        public readonly delegate* unmanaged<byte*> GetVersionString;
    }
}
