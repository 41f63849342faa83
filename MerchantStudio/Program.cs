using MerchantStudio.Access;
using MerchantStudio.Commands;
using MerchantStudio.Endpoints;
using MerchantStudio.Hosting;

namespace MerchantStudio;

public partial class Program
{
    private static async Task<int> Main(string[] args)
    {
        if (WorkerHost.Handles(args)) return WorkerHost.Run(args);
        if (CommandHost.Handles(args)) return await CommandHost.RunAsync(args);

        var builder = StudioStart.CreateBuilder(args);
        if (!StudioStart.Settle(builder).TryGet(out var start, out var problem)) return await StudioHost.RefuseAsync(problem);

        StudioMemory.Share(builder.Configuration);
        builder.Services.AddStudioCore(start.Paths).AddJobRunner().AddDailyRuns().AddDemoAtFirstStart().AddLiveMover().AddMessageDelivery().AddCommandServer().AddQuietMemory();
        builder.Services.AddStudioInterface();
        builder.AddStudioSignIn(start);

        await using var app = builder.Build();
        app.UseRequestLocalization();
        app.UseStudioSignIn();
        app.MapStudioHealth();
        app.MapStudioAccounts();
        app.MapLiveEvents();
        app.MapShopperScores();
        app.MapExperiments();
        app.MapCoupons();
        app.MapReferrals();
        app.MapDecisions();
        app.MapUnsubscribing();
        app.MapShopperMessages();
        app.MapStorefront();
        app.MapStudioInterface();
        return await app.ServeAsync(start);
    }
}
