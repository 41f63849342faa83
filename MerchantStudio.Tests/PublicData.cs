using Xunit;

namespace MerchantStudio.Tests;

/// <summary>Public data sets that lie beside the repository or where MERCHANTSTUDIO_PUBLIC_DATA points; a test that needs one is skipped where there is none.</summary>
internal static class PublicData
{
    /// <param name="relativePath">Path inside the data folder: "uci-online-retail/online_retail.csv.gz".</param>
    /// <returns>The file's full path; skips the running test when the file is not there.</returns>
    public static string Find(string relativePath)
    {
        var folder = Folder();
        var file = folder is null ? null : Path.Combine(folder, relativePath);
        if (file is null || !File.Exists(file))
            Assert.Skip($"No public data '{relativePath}': set MERCHANTSTUDIO_PUBLIC_DATA to a folder that holds it.");
        return file;
    }

    /// <summary>The root of the repository: the folder that holds the solution.</summary>
    public static string RepositoryRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "MerchantStudio.sln"))) return folder.FullName;
        }

        throw new DirectoryNotFoundException("The tests run outside a checkout: no MerchantStudio.sln above them.");
    }

    private static string? Folder()
    {
        var named = Environment.GetEnvironmentVariable("MERCHANTSTUDIO_PUBLIC_DATA");
        if (!string.IsNullOrEmpty(named)) return named;
        var beside = Path.Combine(RepositoryRoot(), "..", "shared", "data");
        return Directory.Exists(beside) ? Path.GetFullPath(beside) : null;
    }
}
