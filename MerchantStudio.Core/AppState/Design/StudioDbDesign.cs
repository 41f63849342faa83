using MerchantStudio.Core.AppState;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace MerchantStudio.Design;

/// <summary>Gives EF's tool the model; the database is never opened.</summary>
public sealed class StudioDbDesign : IDesignTimeDbContextFactory<StudioDb>
{
    public StudioDb CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<StudioDb>().UseSqlite("Data Source=:memory:").Options);

    private static void Main()
    {
    }
}
