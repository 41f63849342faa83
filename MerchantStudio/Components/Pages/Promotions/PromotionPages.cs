using MerchantStudio.Components.Pages.Campaigns;
using MerchantStudio.Components.Pages.Segments;

namespace MerchantStudio.Components.Pages.Promotions;

internal static class PromotionPages
{
    /// <summary>What the pages of segments, rules, codes and campaigns hold while they are open.</summary>
    public static IServiceCollection AddPromotionPages(this IServiceCollection services) => services
        .AddTransient<SegmentsViewModel>()
        .AddTransient<SegmentViewModel>()
        .AddTransient<RulesViewModel>()
        .AddTransient<RuleViewModel>()
        .AddTransient<ReplayViewModel>()
        .AddTransient<TrialViewModel>()
        .AddTransient<PersonalViewModel>()
        .AddTransient<CodesViewModel>()
        .AddTransient<RedemptionsViewModel>()
        .AddTransient<ReferralsViewModel>()
        .AddTransient<CampaignStart>()
        .AddTransient<CampaignsViewModel>()
        .AddTransient<CampaignViewModel>()
        .AddTransient<CampaignWatch>()
        .AddTransient<CalendarViewModel>();
}
