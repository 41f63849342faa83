using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Campaigns.Delivery;
using MerchantStudio.Core.Campaigns.Messages;
using MerchantStudio.Core.Campaigns.Planning;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Warehouse;
using Xunit;

namespace MerchantStudio.Tests.Campaigns;

public sealed class CampaignForecastTests
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    private static CampaignDraft News { get; } = CampaignWorld.Draft(null) with { Message = new MessageTemplate(new MessageText("News", "Our new teas are here."), new MessageText("新品", "新茶上市。")) };

    [Fact]
    public async Task Who_is_held_back_and_who_may_not_be_written_to_is_known_before_the_launch()
    {
        await using var world = await CampaignWorld.OpenAsync(40);
        var email = News with { Channel = MessageChannel.Email };
        Assert.Equal((40, 8, 32), await AskAsync(News));

        // Nobody agreed to e-mails yet.
        Assert.Equal((40, 8, 0), await AskAsync(email));
        await AgreeAsync(world, 10);
        Assert.Equal((40, 8, 8), await AskAsync(email));

        async Task<(int, int, int)> AskAsync(CampaignDraft draft)
        {
            var forecast = (await world.Studio.Get<CampaignForecasts>().AskAsync(world.Scope, draft, Now)).Value;
            Assert.False(forecast.IsReckoned);
            return (forecast.Audience, forecast.HeldBack, forecast.Reached);
        }
    }

    [Fact]
    public async Task A_large_audience_is_reckoned_from_some_that_are_spread_evenly_over_it()
    {
        await using var world = await CampaignWorld.OpenAsync(40);
        await AgreeAsync(world, 10);
        var few = new CampaignForecasts(world.Studio.Get<AudienceReader>(), world.Studio.Get<Messenger>()) { MostAsked = 8 };
        var forecast = (await few.AskAsync(world.Scope, News with { Channel = MessageChannel.Email }, Now)).Value;
        Assert.True(forecast.IsReckoned);
        Assert.Equal((40, 8, 8, 8, 10, 30), (forecast.Audience, forecast.Asked, forecast.HeldBack, forecast.Reached, forecast.Report.Queued, forecast.Report.Suppressed[DeliveryReason.NoConsent]));
    }

    /// <summary>The first so many of the audience may be written to.</summary>
    private static async Task AgreeAsync(CampaignWorld world, int count)
    {
        var protector = world.Studio.Get<IContactProtector>();
        var warehouse = await world.Studio.Get<WarehouseRegistry>().OpenAsync(world.Scope.Workspace, Now);
        for (var number = 0; number < count; number++)
        {
            var address = $"{CampaignWorld.Name(number)}@example.test";
            await warehouse.QueryAsync("insert into customers (user_id, email_protected, email_hash, email_consent, import_id, source_line) values ($1, $2, $3, true, 1, 1)", _ => 0, [CampaignWorld.Name(number), protector.Protect(address), protector.Hash(address)], Now);
        }
    }
}
