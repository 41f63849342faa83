using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Jobs;
using MerchantStudio.Core.Quality;
using MerchantStudio.Core.Quality.Drift;
using MerchantStudio.Core.Warehouse;
using MerchantStudio.Tests.Architecture;
using MerchantStudio.Tests.Worlds;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MerchantStudio.Tests.Quality;

public sealed class QualityTests
{
    private static readonly DateTimeOffset Today = new(2026, 7, 1, 12, 0, 0, TimeSpan.Zero);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_data_set_has_a_score_of_its_own_from_its_own_checks()
    {
        await using var studio = await OpenAsync();
        var scope = await studio.WorkspaceAsync();
        await RunAsync(studio, scope, """
            insert into events(user_id, ts, event_type, item_id, price, quantity, order_id, import_id, source_line)
            select 'u' || (i % 120), timestamp '2026-06-01' + i * interval '30 minutes', case when i % 10 = 0 then 'purchase' else 'view' end, 'p' || (i % 4), 5, 1, case when i % 10 = 0 then 'o' || i end, 1, i from range(1400) t(i);
            insert into products(item_id, name, category, price) values ('p0', 'a', 'c', 1), ('p1', 'b', null, -1), ('p1', 'b', null, 2), ('p2', 'c', null, null);
            insert into customers(user_id, email_hash, birth_year) values ('u0', 'h', 1980), ('u0', null, 1066);
            insert into reviews(user_id, item_id, ts, rating, text) values ('u1', 'p0', timestamp '2026-06-30', 9, 'good'), ('u1', 'p0', timestamp '2026-06-30', 5, 'good'), ('u2', 'p9', timestamp '2026-06-30', null, null)
            """);
        await ImportAsync(studio, scope, 1, DatasetKind.Events, Today.AddDays(-1), read: 1500, rejected: 100);
        var report = (await studio.Get<QualityGate>().MeasureAsync(scope, Token)).Value;

        QualityCheck Check(string key) => report.Checks.Single(check => check.Key == key);
        Assert.Equal([DatasetKind.Events, DatasetKind.Reviews, DatasetKind.Products, DatasetKind.Customers], report.Datasets.Select(dataset => dataset.Dataset));
        Assert.Equal((3, 0.75), (Check("products.no-category").Rows, Check("products.no-category").Value));
        Assert.Equal((1, 1, 1), (Check("products.no-price").Rows, Check("products.repeated").Rows, Check("products.bad-price").Rows));
        Assert.Equal((1, 1, 1), (Check("customers.no-contact").Rows, Check("customers.repeated").Rows, Check("customers.bad-birth-year").Rows));
        Assert.Equal(11, Check("customers.unknown-buyers").Rows);
        Assert.Equal((1, 1, 1, 1, 1), (Check("reviews.no-text").Rows, Check("reviews.no-rating").Rows, Check("reviews.repeated").Rows, Check("reviews.bad-rating").Rows, Check("reviews.unknown-products").Rows));
        Assert.Equal((DatasetKind.Events, 1 / 15d), (Check("imports.rejected").Dataset, Check("imports.rejected").Value));
        var products = report.Datasets.Single(dataset => dataset.Dataset == DatasetKind.Products);
        Assert.Equal([25 + 75, 75 * 2, 75 * 2], new[] { products.Aspects[QualityAspect.Completeness] * 2, products.Aspects[QualityAspect.Uniqueness] * 2, products.Aspects[QualityAspect.Validity] * 2 });
        Assert.Equal((int)Math.Round((50 + 75 + 75) / 3d), products.Score);
        Assert.Equal(1, report.AfterImport);
        Assert.Equal(report.Score, (await studio.Get<QualityGate>().LatestAsync(scope, Token))!.Score);
    }

    [Theory]
    [InlineData(new[] { -30, -20, -10 }, 14, false, 10)]
    [InlineData(new[] { -30, -20, -10 }, 16, true, 10)]
    [InlineData(new[] { -3, -2, -1 }, 4, true, 1)]
    [InlineData(new[] { -3 }, 9, false, 7)]
    [InlineData(new[] { -3 }, 11, true, 7)]
    public async Task Data_are_old_when_they_are_half_as_old_again_as_the_shops_usual_gap(int[] imports, int age, bool warns, double usual)
    {
        await using var studio = await OpenAsync();
        var scope = await studio.WorkspaceAsync();
        await RunAsync(studio, scope, FormattableString.Invariant($"insert into events(user_id, ts, event_type, item_id) select 'a', timestamp '{Today.AddDays(-age):yyyy-MM-dd HH:mm:ss}' - i * interval '1 day', 'view', 'p' from range(20) t(i)"));
        for (var i = 0; i < imports.Length; i++) await ImportAsync(studio, scope, i + 1, DatasetKind.Events, Today.AddDays(imports[i]));
        var check = (await studio.Get<QualityGate>().MeasureAsync(scope, Token)).Value.Checks.Single(check => check.Key == "events.age");
        Assert.Equal((warns ? QualityVerdict.Warn : QualityVerdict.Pass, usual, (double)age), (check.Verdict, check.Usual, check.Value));
    }

    [Fact]
    public async Task A_shop_that_sells_at_weekends_only_is_not_old_on_a_friday()
    {
        await using var studio = await OpenAsync();
        var scope = await studio.WorkspaceAsync();
        await RunAsync(studio, scope, "insert into events(user_id, ts, event_type, item_id) select 'a', timestamp '2026-06-21 10:00:00' - i * interval '10 days', 'view', 'p' from range(20) t(i)");
        for (var i = 1; i <= 4; i++) await ImportAsync(studio, scope, i, DatasetKind.Events, Today.AddDays(-i));
        var check = (await studio.Get<QualityGate>().MeasureAsync(scope, Token)).Value.Checks.Single(check => check.Key == "events.age");
        Assert.Equal((QualityVerdict.Pass, 10d), (check.Verdict, check.Usual));
    }

    [Fact]
    public async Task The_history_has_a_point_for_every_import_and_the_last_measurement_of_each_counts()
    {
        await using var studio = await OpenAsync();
        var scope = await studio.WorkspaceAsync();
        var gate = studio.Get<QualityGate>();
        var after = studio.Services.GetServices<IAfterImport>().Single(task => task is QualityGate);
        await RunAsync(studio, scope, "insert into events(user_id, ts, event_type, item_id) values ('a', timestamp '2026-06-30', 'view', 'p')");
        await ImportAsync(studio, scope, 1, DatasetKind.Events, Today.AddDays(-2));
        await after.RunAsync(scope, Token);
        await RunAsync(studio, scope, "insert into events(user_id, ts, event_type, item_id) values (null, timestamp '2026-06-30', 'view', 'p')");
        await gate.MeasureAsync(scope, Token);
        await RunAsync(studio, scope, "insert into products(item_id, category, price) values ('p', 'c', 1)");
        await ImportAsync(studio, scope, 2, DatasetKind.Products, Today.AddDays(-1));
        await after.RunAsync(scope, Token);

        var history = (await gate.HistoryAsync(scope, Token)).Value;
        Assert.Equal([(1, "file1.csv"), (2, "file2.csv")], history.Select(point => (point.Import!.Value, point.FileName!)));
        Assert.Equal([DatasetKind.Events], history[0].Datasets.Keys);
        Assert.Equal([DatasetKind.Events, DatasetKind.Products], history[1].Datasets.Keys);
        Assert.Equal(history[0].Datasets[DatasetKind.Events], history[0].Score);
        Assert.Equal(100, history[1].Datasets[DatasetKind.Products]);
        Assert.IsType<AccessRefused>((await gate.HistoryAsync(scope with { Actor = scope.Actor with { Role = Role.Support } }, Token)).Problem);
    }

    [Fact]
    public async Task Features_that_have_moved_are_a_warning_with_a_way_to_put_it_right()
    {
        await using var studio = await OpenAsync();
        var scope = await studio.WorkspaceAsync();
        await RunAsync(studio, scope, "insert into events(user_id, ts, event_type, item_id) values ('a', timestamp '2026-06-30', 'view', 'p')");
        await using (var session = await (await studio.Get<WarehouseRegistry>().OpenAsync(scope.Workspace, Token)).BeginAsync(Token))
        {
            await DriftTables.WriteDriftAsync(session, DriftTables.Drift, [new FeatureDrift("views_7d", 0.31), new FeatureDrift("orders_all", 0.19)], Today, Token);
            await session.CommitAsync(Token);
        }

        var check = (await studio.Get<QualityGate>().MeasureAsync(scope, Token)).Value.Checks.Single(check => check.Key == "features.drift");
        Assert.Equal((QualityVerdict.Warn, 0.5, 1L, "runs"), (check.Verdict, check.Value, check.Rows, check.Fix));
    }

    [Fact]
    public async Task Sales_without_an_exchange_rate_are_a_warning_until_it_is_given()
    {
        await using var studio = await OpenAsync();
        var scope = await studio.WorkspaceAsync();
        await RunAsync(studio, scope, "insert into events(user_id, ts, event_type, item_id, price, currency) values ('a', timestamp '2026-06-30', 'purchase', 'p', 1, 'USD'), ('a', timestamp '2026-06-30', 'purchase', 'p', 1, null)");
        async Task<QualityCheck> CheckAsync() => (await studio.Get<QualityGate>().MeasureAsync(scope, Token)).Value.Checks.Single(check => check.Key == "sales.no-rate");
        var before = await CheckAsync();
        Assert.Equal((QualityVerdict.Warn, 0.5, "settings/rates"), (before.Verdict, before.Value, before.Fix));
        await RunAsync(studio, scope, "insert into fx_rates values ('USD', date '2026-06-30', 0.9, false)");
        Assert.Equal(QualityVerdict.Pass, (await CheckAsync()).Verdict);
    }

    [Fact]
    public void Every_check_has_its_name_and_its_advice()
    {
        var texts = Repository.Read("MerchantStudio/Resources", ".resx").Single(file => Path.GetFileName(file.Name) == "Quality.resx").Text;
        var source = Repository.Read("MerchantStudio.Core/Quality", ".cs").Single(file => file.Name.EndsWith("QualityChecks.cs", StringComparison.Ordinal)).Text;
        var keys = System.Text.RegularExpressions.Regex.Matches(source, "\"(?<key>[a-z]+\\.[a-z-]+)\"").Select(match => match.Groups["key"].Value).Distinct().ToList();
        Assert.True(keys.Count > 25);
        Assert.All(keys.SelectMany(key => new[] { $"check-{key}", $"todo-{key}" }), key => Assert.Contains($"\"{key}\"", texts, StringComparison.Ordinal));
    }

    private static Task<TemporaryStudio> OpenAsync() => TemporaryStudio.OpenAsync(services => services.AddSingleton<TimeProvider>(new StandingClock()));

    private static async Task RunAsync(TemporaryStudio studio, WorkspaceScope scope, string sql)
    {
        await using var session = await (await studio.Get<WarehouseRegistry>().OpenAsync(scope.Workspace, Token)).BeginAsync(Token);
        await session.ExecuteAsync(sql, [], Token);
        await session.CommitAsync(Token);
    }

    private static async Task ImportAsync(TemporaryStudio studio, WorkspaceScope scope, int number, DatasetKind kind, DateTimeOffset at, long read = 10, long rejected = 0)
    {
        await using var db = await studio.DbAsync();
        db.Imports.Add(new ImportRecord
        {
            Id = Guid.NewGuid(),
            Number = number,
            WorkspaceId = scope.Workspace,
            Kind = kind,
            FileName = $"file{number}.csv",
            FileBytes = 1,
            State = ImportState.Complete,
            Read = read,
            Rejected = rejected,
            Accepted = read - rejected,
            CreatedAt = at,
            FinishedAt = at,
            RequestedBy = "Mei",
        });
        await db.SaveChangesAsync(Token);
    }

    /// <summary>Moves on by a millisecond with each look, so that records have an order.</summary>
    private sealed class StandingClock : TimeProvider
    {
        private int _looks;

        public override DateTimeOffset GetUtcNow() => Today.AddMilliseconds(Interlocked.Increment(ref _looks));
    }
}
