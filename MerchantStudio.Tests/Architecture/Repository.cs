namespace MerchantStudio.Tests.Architecture;

/// <summary>The working tree that the tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = PublicData.RepositoryRoot();

    public static string Path(params string[] parts) => System.IO.Path.Combine([Root, .. parts]);

    /// <summary>Files of our own, not of the build, with '/' in their relative names.</summary>
    public static IEnumerable<(string Name, string Text)> Read(string folder, params string[] endings) =>
        Directory.EnumerateFiles(Path(folder), "*", SearchOption.AllDirectories)
            .Select(file => (File: file, Name: System.IO.Path.GetRelativePath(Root, file).Replace('\\', '/')))
            .Where(file => !file.Name.Contains("/bin/", StringComparison.Ordinal) && !file.Name.Contains("/obj/", StringComparison.Ordinal)
                && !file.Name.Contains("/node_modules/", StringComparison.Ordinal) && endings.Any(ending => file.Name.EndsWith(ending, StringComparison.Ordinal)))
            .OrderBy(file => file.Name, StringComparer.Ordinal)
            .Select(file => (file.Name, System.IO.File.ReadAllText(file.File)));
}
