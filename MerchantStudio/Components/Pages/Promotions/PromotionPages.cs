using MerchantStudio.Components.Pages.Segments;

namespace MerchantStudio.Components.Pages.Promotions;

internal static class PromotionPages
{
    /// <summary>What the pages of segments, rules and codes hold while they are open.</summary>
    public static IServiceCollection AddPromotionPages(this IServiceCollection services) => services
        .AddTransient<SegmentsViewModel>()
        .AddTransient<SegmentViewModel>()
        .AddTransient<RulesViewModel>()
        .AddTransient<RuleViewModel>()
        .AddTransient<ReplayViewModel>()
        .AddTransient<CodesViewModel>()
        .AddTransient<RedemptionsViewModel>();
}
