using System.Reflection;
using MerchantStudio.Core.Native.OnnxRuntime;

namespace MerchantStudio.Core.AppState;

/// <summary>What runs here, for the line that support asks for.</summary>
public static class StudioAbout
{
    public static string Version { get; } = typeof(StudioAbout).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "";

    /// <summary>Null where there is no build for this machine.</summary>
    public static string? OnnxRuntime => OnnxRuntimeLibrary.Version;
}
