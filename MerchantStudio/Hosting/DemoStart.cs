using MerchantStudio.Core.Demo;

namespace MerchantStudio.Hosting;

/// <summary>Fills the demo shop when the server starts for the first time; <c>Studio:Demo=false</c> leaves it out.</summary>
internal sealed class DemoStart(DemoWorkspace demo, IConfiguration configuration, ILogger<DemoStart> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!configuration.GetValue("Studio:Demo", defaultValue: true)) return;
        var loading = await demo.EnsureAsync(stoppingToken);
        if (loading.Problem is { } problem) log.LogWarning("The demo shop is not there. {Problem}", problem.Message);
        else if (loading.Value is not null) log.LogInformation("Loading the demo shop; its dashboards fill within a minute.");
    }
}
