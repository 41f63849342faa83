using System.Globalization;
using MerchantStudio.Components.Shell;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Insights.Figures;
using MerchantStudio.Tests.Jobs;
using MerchantStudio.Tests.Kit;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MerchantStudio.Tests.Shell;

public sealed class JobsPanelTests
{
    [Fact]
    public async Task Running_work_is_told_in_the_readers_language_though_a_worker_reports_it()
    {
        await using var world = await JobWorld.OpenAsync();
        var (figures, words) = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);
        using var host = ComponentHost.Create(services => services.AddSingleton(world.Queue));
        var workspace = new Workspace { Id = world.Scope.Workspace, Name = "Tea", Currency = "EUR", TimeZone = "UTC", CreatedAt = DateTimeOffset.UnixEpoch };
        var shop = new ShopView(workspace, world.Scope, TimeZoneInfo.Utc, new ShopPeriod(PeriodChoice.Default, null, null), DateTimeOffset.UnixEpoch);
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("zh-CN");
            await host.RenderAsync(builder =>
            {
                builder.OpenComponent<JobsPanel>(0);
                builder.AddComponentParameter(1, nameof(JobsPanel.Shop), shop);
                builder.CloseComponent();
            });
        }
        finally
        {
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (figures, words);
        }

        var job = await world.AskAsync("wait");
        await world.UntilAsync(job, JobState.Running);
        string told;
        do
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
            told = (await host.ReadAsync()).QuerySelector(".job-text")?.TextContent ?? "";
        }
        while (told is "" or "排队中");
        Assert.Equal("读取文件", told);
    }
}
