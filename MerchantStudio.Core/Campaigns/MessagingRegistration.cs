using MerchantStudio.Core.Campaigns.Delivery;
using MerchantStudio.Core.Campaigns.Mail;
using MerchantStudio.Core.Campaigns.Planning;
using MerchantStudio.Core.Campaigns.Running;
using MerchantStudio.Core.Campaigns.Setup;
using MerchantStudio.Core.Campaigns.Webhooks;
using Microsoft.Extensions.DependencyInjection;

namespace MerchantStudio.Core.Campaigns;

public static class MessagingRegistration
{
    /// <summary>Campaigns and the ways of their messages. Needs the warehouse, the application's database, access, exports, promotions, experiments and a contact protector.</summary>
    public static IServiceCollection AddMessaging(this IServiceCollection services)
    {
        services.AddOptions<MessagingOptions>().BindConfiguration("Studio:Messaging")
            .Validate(options => options is { WebhookSeconds: > 0 and <= 60, MailSeconds: > 0 and <= 60, ParallelPerTarget: > 0 and <= 32, FirstPauseSeconds: > 0 }, "Every value of Studio:Messaging must be above 0, and no wait longer than a minute.")
            .Validate(options => options.KeepDays >= DeliveryRetention.FewestDays, "Studio:Messaging:KeepDays must be 60 or more.")
            .ValidateOnStart();
        return services.AddSingleton<GuardedConnector>().AddSingleton<WebhookCaller>().AddSingleton<MailSender>()
            .AddSingleton<ShopperContacts>().AddSingleton<DeliverySignal>().AddSingleton<DeliveryQueue>().AddSingleton<DeliverySender>().AddSingleton<DeliveryRetention>().AddSingleton<DeliveryWorker>()
            .AddSingleton<OptOuts>().AddSingleton<Messenger>().AddSingleton<DeliveryLog>().AddSingleton<OnSiteMessages>().AddSingleton<MessageFiles>().AddSingleton<MessagingSetup>().AddSingleton<WebhookEndpoints>()
            .AddSingleton<CampaignPlans>().AddSingleton<ShopperHabits>().AddSingleton<CampaignPreparation>().AddSingleton<CampaignSending>().AddSingleton<CampaignRuns>().AddSingleton<CampaignLaunch>().AddSingleton<CampaignForecasts>().AddSingleton<CampaignResults>();
    }
}
