using System.Reflection;
using System.Runtime.InteropServices;

namespace MerchantStudio.Core.Native;

/// <summary>Finds the native libraries beside the application. An assembly may have one resolver only, so both bindings share this one.</summary>
internal static class NativeLibraries
{
    public const string DuckDb = "duckdb";
    public const string OnnxRuntime = "onnxruntime";

    static NativeLibraries() => NativeLibrary.SetDllImportResolver(typeof(NativeLibraries).Assembly, Resolve);

    /// <summary>Call from the static constructor of a class of imports.</summary>
    public static void EnsureResolver()
    {
        // The static constructor above does the work, once.
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath)
    {
        var file = FileName(name);
        return file is null ? 0 : NativeLibrary.Load(Path.Combine(AppContext.BaseDirectory, file));
    }

    private static string? FileName(string name) => name switch
    {
        DuckDb when OperatingSystem.IsWindows() => "duckdb.dll",
        DuckDb when OperatingSystem.IsMacOS() => "libduckdb.dylib",
        DuckDb => "libduckdb.so",
        OnnxRuntime when OperatingSystem.IsWindows() => "onnxruntime.dll",
        OnnxRuntime when OperatingSystem.IsMacOS() => "libonnxruntime.1.30.0.dylib",
        OnnxRuntime => "libonnxruntime.so.1",
        _ => null,
    };
}
