using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace MerchantStudio.Core.AppState;

/// <summary>How a PostgreSQL database is used: READ COMMITTED, and nothing repeated unasked.</summary>
internal static class StudioPostgres
{
    public static DbContextOptionsBuilder UseStudioPostgres(this DbContextOptionsBuilder options, string connectionString) => options.UseNpgsql(connectionString, npgsql => npgsql
        .ExecutionStrategy(dependencies => new NonRetryingExecutionStrategy(dependencies)));
}

/// <summary>The app state on PostgreSQL: the same entities, with migrations of their own.</summary>
/// <remarks>Every text is compared and sorted by its bytes, as in SQLite, whatever the locale of the database.</remarks>
internal sealed class PostgresStudioDb(DbContextOptions<PostgresStudioDb> options) : StudioDb(options)
{
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        base.ConfigureConventions(configurationBuilder);
        configurationBuilder.Properties<string>().UseCollation("C");
        configurationBuilder.Properties<Enum>().UseCollation("C");
        configurationBuilder.Properties<Shop.WorkspaceId>().UseCollation("C");
    }
}
