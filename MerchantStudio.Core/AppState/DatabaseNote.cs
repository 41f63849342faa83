using MerchantStudio.Core.Shop;

namespace MerchantStudio.Core.AppState;

/// <summary>A line in the data folder that says which PostgreSQL database it belongs to: without it, a start that lost its setting would quietly begin an empty app.db beside the shops' events.</summary>
internal static class DatabaseNote
{
    public static string PathOf(StudioPaths paths) => Path.Combine(paths.Root, "database.txt");

    public static void Write(StudioPaths paths, PostgresPlace place)
    {
        if (Read(paths) == place.ToString()) return;
        var unfinished = PathOf(paths) + ".part";
        File.WriteAllText(unfinished, place.ToString());
        File.Move(unfinished, PathOf(paths), overwrite: true);
    }

    public static string? Read(StudioPaths paths) => File.Exists(PathOf(paths)) ? File.ReadAllText(PathOf(paths)).Trim() : null;
}
