namespace MerchantStudio.Core.Native.DuckDb;

/// <summary>An open database file. Never open the same file twice in one process: closing one of them drops the process's lock.</summary>
internal sealed class DuckDbDatabase : IDisposable
{
    private readonly DatabaseHandle _handle;

    private DuckDbDatabase(DatabaseHandle handle, string file)
    {
        _handle = handle;
        File = file;
    }

    /// <summary>As it was given to <see cref="Open"/>.</summary>
    public string File { get; }

    /// <param name="path">A file, made when absent, or ":memory:".</param>
    /// <param name="settings">Settings of the open call, by name; lists cannot be given here.</param>
    public static DuckDbDatabase Open(string path, IEnumerable<KeyValuePair<string, string>> settings)
    {
        if (DuckDbApi.CreateConfig(out var config) != DuckDbApi.Success) throw DuckDbException.FromMessage("create_config", null);
        using (config)
        {
            foreach (var (name, value) in settings)
            {
                if (DuckDbApi.SetConfig(config, name, value) != DuckDbApi.Success)
                    throw DuckDbException.FromMessage("set_config", $"Invalid Input Error: {name}={value}");
            }

            var state = DuckDbApi.OpenExt(path, out var handle, config, out var error);
            if (state == DuckDbApi.Success) return WithRowFunction(new DuckDbDatabase(handle, path));
            handle.Dispose();
            throw DuckDbException.FromMessage("open_ext", DuckDbApi.TakeText(error));
        }
    }

    private static DuckDbDatabase WithRowFunction(DuckDbDatabase database)
    {
        if (DuckDbApi.Connect(database._handle, out var connection) == DuckDbApi.Success) RowFunction.Register(connection);
        connection.Dispose();
        return database;
    }

    public DuckDbConnection Connect()
    {
        if (DuckDbApi.Connect(_handle, out var handle) == DuckDbApi.Success) return new DuckDbConnection(handle, File);
        handle.Dispose();
        throw DuckDbException.FromMessage("connect", null);
    }

    public void Dispose() => _handle.Dispose();
}
