namespace MerchantStudio.Core.Shop;

/// <summary>Where everything lies inside the data folder.</summary>
/// <param name="Root">Absolute path of the data folder.</param>
public sealed record StudioPaths(string Root)
{
    public string AppDatabase => Path.Combine(Root, "app.db");
    public string Models => Path.Combine(Root, "models");
    public string Staging => Path.Combine(Root, "staging");
    public string Backups => Path.Combine(Root, "backups");
    public string Keys => Path.Combine(Root, "keys");

    public string WorkspaceFolder(WorkspaceId workspace) => Path.Combine(Root, "workspaces", workspace.Value);

    public string Warehouse(WorkspaceId workspace) => Path.Combine(WorkspaceFolder(workspace), "events.duckdb");

    /// <summary>Makes the folders that are missing; only this user may look into them.</summary>
    public void CreateFolders()
    {
        foreach (var folder in (string[])[Root, Models, Staging, Backups, Keys, Path.Combine(Root, "workspaces")])
        {
            if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
            else Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
