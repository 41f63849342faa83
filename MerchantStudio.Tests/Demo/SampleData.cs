namespace MerchantStudio.Tests.Demo;

/// <summary>The committed demo files, as the build copied them beside the assemblies.</summary>
internal static class SampleData
{
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "sample-data");

    public static string File(string name) => Path.Combine(Folder, name);
}
