using MerchantStudio.Core.AppState;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace MerchantStudio.Design;

/// <summary>Gives EF's tool the model on SQLite; the database is never opened.</summary>
internal sealed class StudioDbDesign : IDesignTimeDbContextFactory<StudioDb>
{
    public StudioDb CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<StudioDb>().UseSqlite("Data Source=:memory:").Options);

    private static void Main()
    {
    }
}

/// <summary>The same on PostgreSQL.</summary>
internal sealed class PostgresStudioDbDesign : IDesignTimeDbContextFactory<PostgresStudioDb>
{
    public PostgresStudioDb CreateDbContext(string[] args)
    {
        var options = new DbContextOptionsBuilder<PostgresStudioDb>();
        options.UseStudioPostgres("Host=localhost");
        return new(options.Options);
    }
}
