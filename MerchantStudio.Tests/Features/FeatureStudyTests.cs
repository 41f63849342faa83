using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Features;
using MerchantStudio.Core.Warehouse;
using MerchantStudio.Tests.Worlds;
using Xunit;

namespace MerchantStudio.Tests.Features;

public sealed class FeatureStudyTests
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Before_the_first_run_there_is_nothing_to_study()
    {
        await using var studio = await TemporaryStudio.OpenAsync();
        var read = await studio.Get<FeatureStudy>().ReadAsync(await studio.WorkspaceAsync(), Now);
        Assert.Null(read.Value);
    }

    [Fact]
    public async Task Figures_correlations_and_bins_are_those_of_the_published_table()
    {
        await using var studio = await TemporaryStudio.OpenAsync();
        var scope = await studio.WorkspaceAsync();
        var warehouse = await studio.Get<WarehouseRegistry>().OpenAsync(scope.Workspace, Now);
        await using (var session = await warehouse.BeginAsync(Now))
        {
            await session.ExecuteAsync(
                """
                insert into events (user_id, ts, event_type, session_id, import_id, source_line)
                select 'u' || i, timestamp '2026-06-01' + j * interval '1 minute', 'view', null, 1, i from range(100) t(i), range(100) s(j) where j <= i;
                insert into events (user_id, ts, event_type, import_id, source_line) select 'u' || i, timestamp '2026-06-10', 'purchase', 1, i from range(50, 100) t(i);
                create table next_clean_events as select *, price * quantity as amount, cast(source_line as bigint) as session_no, cast(source_line as integer) as shopper_no from events;
                create table clean_events as select * from next_clean_events
                """,
                [], Now);
            var cutoff = new DateTimeOffset(2026, 6, 5, 0, 0, 0, TimeSpan.Zero);
            await FeatureBuilder.BuildAsync(session, new FeatureQuestion(cutoff, 7, "UTC"), "labelled", Now);
            await FeatureStudy.CorrelateAsync(session, [(7, "labelled")], Now);
            await FeatureBuilder.BuildAsync(session, new FeatureQuestion(cutoff, null, "UTC"), "user_features", Now);
            await session.ExecuteAsync("alter table next_feature_correlation rename to feature_correlation", [], Now);
            await session.CommitAsync(Now);
        }

        var study = studio.Get<FeatureStudy>();
        var overview = (await study.ReadAsync(scope, Now)).Value!;
        Assert.Equal(100, overview.Shoppers);
        var views = overview.Features.Single(figures => figures.Feature.Key == "views_7d");
        Assert.Equal((0, 50.5, 50.5), (views.MissingShare, views.Mean, views.Median));
        Assert.InRange(views.Correlations[7], 0.85, 0.88);
        Assert.Equal(1, overview.Features.Single(figures => figures.Feature.Key == "days_since_order").MissingShare);

        var distribution = (await study.DistributionAsync(scope, views.Feature, Now)).Value;
        Assert.Equal(100, distribution.Bins.Sum(bin => bin.Shoppers) + distribution.Below + distribution.Above);
        Assert.All(distribution.Bins[..^1], bin => Assert.Equal(bin.To - bin.From, bin.Shoppers));
        var missing = (await study.DistributionAsync(scope, FeatureCatalog.Find("days_since_order")!, Now)).Value;
        Assert.Equal((0, 100L), (missing.Bins.Length, missing.Missing));
    }

    [Fact]
    public async Task Who_may_not_read_figures_is_refused()
    {
        await using var studio = await TemporaryStudio.OpenAsync();
        var scope = await studio.WorkspaceAsync(role: Role.Support);
        Assert.IsType<AccessRefused>((await studio.Get<FeatureStudy>().ReadAsync(scope, Now)).Problem);
    }
}
