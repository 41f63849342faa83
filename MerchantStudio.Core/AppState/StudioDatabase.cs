using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Shop;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.AppState;

/// <summary>Opens where the app state lies, app.db or a PostgreSQL database: checks it, brings it up to date, and survives being killed while doing so.</summary>
public sealed class StudioDatabase : IAsyncDisposable
{
    private readonly StudioPaths _paths;
    private readonly DatabaseSetting _setting;
    private readonly SqliteDatabase? _file;
    private readonly IDbContextFactory<StudioDb> _contexts;

    internal StudioDatabase(StudioPaths paths, IDbContextFactory<StudioDb> contexts, DatabaseSetting setting)
    {
        _paths = paths;
        _contexts = contexts;
        _setting = setting;
        _file = setting.IsPostgres ? null : new SqliteDatabase(paths, contexts);
    }

    /// <summary>Must succeed before anything else reads the app state. Safe to repeat and to run in several processes at once.</summary>
    public async Task<Outcome<Done>> OpenAsync(CancellationToken cancellationToken)
    {
        _paths.CreateFolders();
        if (_file is not null)
        {
            return DatabaseNote.Read(_paths) is { } other ? new DatabaseSettingMissing(_paths.Root, other, DatabaseNote.PathOf(_paths)) : await _file.OpenAsync(cancellationToken).ConfigureAwait(false);
        }

        if (!_setting.Read().TryGet(out var place, out var problem)) return problem;
        if (File.Exists(_paths.AppDatabase)) return new DatabaseFileInTheWay(_paths.AppDatabase);
        var opened = await PostgresDatabase.OpenAsync(place, _contexts, cancellationToken).ConfigureAwait(false);
        if (opened.Succeeded) DatabaseNote.Write(_paths, place);
        return opened;
    }

    /// <summary>Writes down what app.db holds when everything else has stopped, so that the next start notices a byte that changed meanwhile. PostgreSQL looks after its own files.</summary>
    public Task SealAsync(CancellationToken cancellationToken) => _file?.SealAsync(cancellationToken) ?? Task.CompletedTask;

    public ValueTask DisposeAsync() => _file?.DisposeAsync() ?? ValueTask.CompletedTask;
}

public sealed record DatabaseBusy()
    : Problem("data.being-upgraded", "Another process is bringing the data up to date. Wait until it has finished and start again.");

public sealed record DataIsNewer(string Migration)
    : Problem("data.newer", "The data was written by a newer version of MerchantStudio (it knows '{0}'). Start that version, or use other data: another folder with --data, and another database where PostgreSQL is used.", Migration);

public sealed record DatabaseSettingMissing(string Folder, string Place, string Note)
    : Problem("data.database-not-named", "The data folder {0} belongs to the PostgreSQL database {1}, and Studio:Database does not name one. Set it again. To begin anew with app.db instead, use another folder or remove {2}.", Folder, Place, Note);

public sealed record DatabaseFileInTheWay(string File)
    : Problem("data.two-databases", "Studio:Database names a PostgreSQL database, but {0} is there too: its accounts, rules and codes would be left behind. Use another folder with --data, or move that file away to begin anew.", File);
