using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Campaigns.Delivery;
using MerchantStudio.Core.Campaigns.Webhooks;
using MerchantStudio.Core.Shop;
using MerchantStudio.Tests.Promotions;
using MerchantStudio.Tests.Worlds;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MerchantStudio.Tests.Campaigns;

/// <summary>What the message log lets go of, and what it must not.</summary>
public sealed class DeliveryRetentionTests
{
    private static readonly Guid Over = Guid.NewGuid();
    private static readonly Guid Runs = Guid.NewGuid();

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Old_messages_of_campaigns_that_are_over_go_with_their_text_and_nothing_else_does()
    {
        var time = new PromotionWorld.FixedTime(MessagingWorld.Wednesday);
        await using var studio = await TemporaryStudio.OpenAsync(services =>
        {
            services.AddSingleton<TimeProvider>(time);
            services.PostConfigure<MessagingOptions>(options => options.KeepDays = 100);
        });
        var shop = (await studio.WorkspaceAsync()).Workspace;
        var (gone, stays) = (Guid.NewGuid(), Guid.NewGuid());
        await using (var database = await studio.DbAsync())
        {
            database.Campaigns.AddRange(Campaign(Over, shop, CampaignState.Ended), Campaign(Runs, shop, CampaignState.Running));
            database.CampaignMessages.AddRange(Message(gone, shop), Message(stays, shop));
            database.Deliveries.AddRange(
                Row(shop, Over, gone, "old", -101, DeliveryState.Sent), Row(shop, Over, gone, "kept-back", -101, DeliveryState.Suppressed), Row(shop, Over, stays, "young", -99, DeliveryState.Sent),
                Row(shop, Over, stays, "waits", -101, DeliveryState.Queued), Row(shop, Runs, stays, "runs", -101, DeliveryState.Sent));
            database.ShopperOptOuts.Add(new ShopperOptOut { Id = Guid.NewGuid(), WorkspaceId = shop, ShopperId = "left", ContactHash = "h", Source = "link", At = time.At.AddDays(-1_000) });
            await database.SaveChangesAsync(Now);
        }

        var retention = studio.Get<DeliveryRetention>();
        Assert.Equal(2, await retention.RunIfDueAsync(Now));
        await using (var database = await studio.DbAsync())
        {
            Assert.Equal(["runs", "waits", "young"], (await database.Deliveries.Select(row => row.ShopperId).ToListAsync(Now)).Order(StringComparer.Ordinal));
            Assert.Equal([stays], await database.CampaignMessages.Select(message => message.Id).ToListAsync(Now));

            // Who left is left alone for good.
            Assert.Equal(1, await database.ShopperOptOuts.CountAsync(Now));
        }

        time.At = time.At.AddDays(2);
        Assert.Equal(1, await retention.RunIfDueAsync(Now));
        time.At = time.At.AddHours(1);
        Assert.Equal(0, await retention.RunIfDueAsync(Now));
    }

    private static Campaign Campaign(Guid id, WorkspaceId shop, CampaignState state) =>
        new() { Id = id, WorkspaceId = shop, Name = state.ToString(), State = state, AudienceJson = "{}", Currency = "EUR", CreatedBy = "Nora", CreatedAt = MessagingWorld.Wednesday.AddDays(-200) };

    private static CampaignMessage Message(Guid id, WorkspaceId shop) => new() { Id = id, WorkspaceId = shop, CampaignId = Over, TemplateJson = "{}", Hash = id.ToString(), CreatedAt = MessagingWorld.Wednesday.AddDays(-150) };

    private static Delivery Row(WorkspaceId shop, Guid campaign, Guid message, string shopper, int day, DeliveryState state) => new()
    {
        Id = Guid.NewGuid(),
        WorkspaceId = shop,
        CampaignId = campaign,
        Occurrence = "",
        MessageId = message,
        ShopperId = shopper,
        Channel = MessageChannel.Email,
        State = state,
        Target = "nowhere",
        CreatedAt = MessagingWorld.Wednesday.AddDays(day),
        SentAt = state == DeliveryState.Sent ? MessagingWorld.Wednesday.AddDays(day) : null,
    };
}
