using MerchantStudio.Commands;
using MerchantStudio.Core.Campaigns.Delivery;
using MerchantStudio.Core.Campaigns.Running;
using MerchantStudio.Core.Demo;
using MerchantStudio.Core.Jobs;
using MerchantStudio.Core.Live;
using MerchantStudio.Core.Promotions.Referrals;
using Quartz;

namespace MerchantStudio.Hosting;

/// <summary>What goes on while nobody looks: the jobs, and the daily runs, campaigns and counts of friends that Quartz starts.</summary>
internal static class BackgroundWork
{
    public static IServiceCollection AddJobRunner(this IServiceCollection services) => services.AddHostedService<JobService>();

    public static IServiceCollection AddCommandServer(this IServiceCollection services) => services.AddHostedService<CommandServer>();

    /// <summary>Takes live events from their journals into the warehouse.</summary>
    public static IServiceCollection AddLiveMover(this IServiceCollection services) => services.AddHostedService<LiveMover>();

    /// <summary>Sends the messages of campaigns that are due.</summary>
    public static IServiceCollection AddMessageDelivery(this IServiceCollection services) => services.AddHostedService<MessageDelivery>();

    public static IServiceCollection AddQuietMemory(this IServiceCollection services) => services.AddHostedService<QuietMemory>();

    public static IServiceCollection AddDailyRuns(this IServiceCollection services)
    {
        services.AddQuartz(quartz => quartz
            .AddJob<DailyRunJob>(job => job.WithIdentity(nameof(DailyRunJob)))
            .AddTrigger(trigger => trigger.ForJob(nameof(DailyRunJob)).WithSimpleSchedule(schedule => schedule.WithInterval(TimeSpan.FromMinutes(1)).RepeatForever()))
            .AddJob<CampaignJob>(job => job.WithIdentity(nameof(CampaignJob)))
            .AddTrigger(trigger => trigger.ForJob(nameof(CampaignJob)).WithSimpleSchedule(schedule => schedule.WithInterval(TimeSpan.FromMinutes(1)).RepeatForever()))
            .AddJob<ReferralJob>(job => job.WithIdentity(nameof(ReferralJob)))
            .AddTrigger(trigger => trigger.ForJob(nameof(ReferralJob)).WithSimpleSchedule(schedule => schedule.WithInterval(TimeSpan.FromMinutes(1)).RepeatForever())));
        return services.AddQuartzHostedService();
    }

    /// <summary>The demo shop is loaded at the first start; <c>Studio:Demo=false</c> leaves it out.</summary>
    public static IServiceCollection AddDemoAtFirstStart(this IServiceCollection services) => services.AddHostedService<FirstStart>();

    private sealed class FirstStart(JobRunner runner, DemoWorkspace demo, IConfiguration configuration, ILogger<FirstStart> log) : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            if (!configuration.GetValue("Studio:Demo", true)) return;
            await runner.Recovered.WaitAsync(stoppingToken);
            var ensured = await demo.EnsureAsync(stoppingToken);
            if (ensured.Problem is { } problem) log.LogWarning("The demo shop is not there: {Problem}", problem.Message);
        }
    }

    private sealed class JobService(JobRunner runner) : BackgroundService
    {
        protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Run(() => runner.RunAsync(stoppingToken), stoppingToken);
    }

    private sealed class LiveMover(LiveIntake intake, UpkeepQueue upkeep) : BackgroundService
    {
        protected override Task ExecuteAsync(CancellationToken stoppingToken)
        {
            intake.Changed += workspace => upkeep.AskSoon(workspace, stoppingToken);
            return Task.Run(() => intake.RunAsync(stoppingToken), stoppingToken);
        }
    }

    private sealed class MessageDelivery(DeliveryWorker worker) : BackgroundService
    {
        protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Run(() => worker.RunAsync(stoppingToken), stoppingToken);
    }

    [DisallowConcurrentExecution]
    internal sealed class DailyRunJob(DailyRuns runs, JobRunner runner) : IJob
    {
        /// <summary>Only where jobs are carried out: another process on the same database asks for its runs itself.</summary>
        public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
        {
            if (runner.Recovered.IsCompletedSuccessfully) await runs.StartDueAsync(cancellationToken);
        }
    }

    /// <summary>Campaigns are due at minutes; what was missed while nothing ran is found at the first look.</summary>
    [DisallowConcurrentExecution]
    internal sealed class CampaignJob(CampaignRuns runs) : IJob
    {
        public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken) => await runs.StartDueAsync(cancellationToken);
    }

    /// <summary>Friends' orders that came by import are counted within a minute of the run that took them in.</summary>
    [DisallowConcurrentExecution]
    internal sealed class ReferralJob(ReferralImports imports) : IJob
    {
        public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken) => await imports.CountDueAsync(cancellationToken);
    }
}
