using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Shop;
using MerchantStudio.Tests.Worlds;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Xunit;

namespace MerchantStudio.Tests.AppState;

public sealed class AppStateTests() : AppStateContract(AppStateOn.Sqlite);

public sealed class AppStateOnPostgresTests() : AppStateContract(AppStateOn.Postgres);

/// <summary>What the entities may rely on, on either database.</summary>
public abstract class AppStateContract(AppStateOn on)
{
    private static readonly DateTimeOffset Moment = new(2026, 2, 28, 23, 59, 59, 999, TimeSpan.FromHours(-3.5));

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_migrations_are_what_the_entities_say()
    {
        await using var studio = await TemporaryStudio.OpenAsync(on: on);
        await using var db = await studio.DbAsync();
        Assert.Equal(db.Database.GetMigrations(), await db.Database.GetAppliedMigrationsAsync(Now));
        Assert.NotEmpty(db.Database.GetMigrations());
        Assert.False(db.Database.HasPendingModelChanges(), "Run MerchantStudio.Core/AppState/Design/regenerate.sh and commit what it writes.");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_entity_comes_back_as_it_was_saved(bool blank)
    {
        await using var studio = await TemporaryStudio.OpenAsync(on: on);
        var saved = new Dictionary<IEntityType, object>();
        await using (var db = await studio.DbAsync())
        {
            foreach (var entity in db.Model.GetEntityTypes()) saved[entity] = Example(entity, blank);
            db.AddRange(saved.Values);
            await db.SaveChangesAsync(Now);
        }

        await using var read = await studio.DbAsync();
        foreach (var (type, was) in saved)
        {
            var entity = read.Model.FindEntityType(type.Name)!;
            var found = await read.FindAsync(entity.ClrType, [.. entity.FindPrimaryKey()!.Properties.Select(key => key.PropertyInfo!.GetValue(was))], Now);
            foreach (var property in entity.GetProperties()) Assert.Equal((property.Name, property.PropertyInfo!.GetValue(was)), (property.Name, property.PropertyInfo.GetValue(found)));
        }
    }

    [Fact]
    public async Task A_value_that_must_be_unique_is_refused_in_one_way()
    {
        await using var studio = await TemporaryStudio.OpenAsync(on: on);
        await studio.WorkspaceAsync();
        await using (var db = await studio.DbAsync())
        {
            db.Segments.Add(Segment("regulars"));
            db.Segments.Add(Segment("Regulars"));
            await db.SaveChangesAsync(Now);
        }

        await using var other = await studio.DbAsync();
        other.Segments.Add(Segment("regulars"));
        var refused = await Assert.ThrowsAsync<DbUpdateException>(() => other.SaveChangesAsync(Now));
        Assert.True(DatabaseFault.IsUniqueViolation(refused));
        Assert.False(DatabaseFault.IsLostRace(refused));
    }

    [Fact]
    public async Task Only_the_first_of_two_writers_of_a_revision_wins()
    {
        await using var studio = await TemporaryStudio.OpenAsync(on: on);
        await studio.WorkspaceAsync();
        await using var one = await studio.DbAsync();
        await using var two = await studio.DbAsync();
        one.CouponRules.Add((CouponRule)Example(one.Model.FindEntityType(typeof(CouponRule))!, blank: true));
        await one.SaveChangesAsync(Now);
        var seen = await two.CouponRules.SingleAsync(Now);
        var mine = await one.CouponRules.SingleAsync(Now);
        (mine.Revision, mine.Name) = (mine.Revision + 1, "first");
        (seen.Revision, seen.Name) = (seen.Revision + 1, "second");
        await one.SaveChangesAsync(Now);
        await Assert.ThrowsAsync<DbUpdateConcurrencyException>(() => two.SaveChangesAsync(Now));
    }

    private static SegmentDefinition Segment(string name) => new() { Id = Guid.NewGuid(), WorkspaceId = new WorkspaceId("tea"), Name = name, ConditionJson = "{}", CreatedBy = "", CreatedAt = Moment };

    /// <param name="blank">With nothing where that is allowed, else with a value in every property.</param>
    private static object Example(IEntityType entity, bool blank)
    {
        var example = Activator.CreateInstance(entity.ClrType, nonPublic: true)!;
        foreach (var property in entity.GetProperties().Where(property => property.ValueGenerated == ValueGenerated.Never || !property.IsPrimaryKey() || property.ClrType == typeof(Guid)))
        {
            property.PropertyInfo!.SetValue(example, blank && property.IsNullable ? null : ValueOf(property));
        }

        return example;
    }

    private static object ValueOf(IProperty property)
    {
        var type = Nullable.GetUnderlyingType(property.ClrType) ?? property.ClrType;
        if (type == typeof(WorkspaceId)) return new WorkspaceId("tea");
        if (type == typeof(Guid)) return new Guid(1, 2, 3, [4, 5, 6, 7, 8, 9, 10, 11]);
        if (type == typeof(DateTimeOffset)) return Moment.ToUniversalTime();
        if (type == typeof(DateOnly)) return new DateOnly(2024, 2, 29);
        if (type == typeof(string)) return "'ä%_\\\" 'Zoë 茶 🫖\r\n";
        if (type == typeof(bool)) return true;
        if (type == typeof(int)) return property.IsConcurrencyToken ? 1 : int.MaxValue;
        if (type == typeof(long)) return long.MaxValue;
        if (type == typeof(double)) return 0.123456789;
        if (type == typeof(decimal)) return 0.1234m;
        return type.IsEnum ? Enum.GetValues(type).GetValue(Enum.GetValues(type).Length - 1)! : throw new NotSupportedException($"No example of {type}.");
    }
}
