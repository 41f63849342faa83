using MerchantStudio.Core.Shop;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.AppState;

/// <summary>Makes contexts on whichever database is set.</summary>
internal sealed class StudioContexts(StudioPaths paths, DatabaseSetting setting, IServiceProvider? services = null) : IDbContextFactory<StudioDb>
{
    // Only once a context is asked for: whether the setting can be read is said at the opening.
    private readonly Lazy<Func<StudioDb>> _make = new(() => Maker(paths, setting, services));

    public StudioDb CreateDbContext() => _make.Value();

    private static Func<StudioDb> Maker(StudioPaths paths, DatabaseSetting setting, IServiceProvider? services)
    {
        if (!setting.IsPostgres)
        {
            var sqlite = With(new DbContextOptionsBuilder<StudioDb>(), services);
            sqlite.UseStudioSqlite(paths.AppDatabase);
            return () => new StudioDb(sqlite.Options);
        }

        var postgres = With(new DbContextOptionsBuilder<PostgresStudioDb>(), services);
        postgres.UseStudioPostgres(setting.Read().Value.ConnectionString);
        return () => new PostgresStudioDb(postgres.Options);
    }

    private static DbContextOptionsBuilder<T> With<T>(DbContextOptionsBuilder<T> options, IServiceProvider? services)
        where T : DbContext => services is null ? options : options.UseApplicationServiceProvider(services);
}
