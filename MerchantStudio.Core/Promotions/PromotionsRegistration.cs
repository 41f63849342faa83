using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Jobs;
using MerchantStudio.Core.Promotions.Guards;
using MerchantStudio.Core.Promotions.Redemptions;
using MerchantStudio.Core.Promotions.Replay;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace MerchantStudio.Core.Promotions;

public static class PromotionsRegistration
{
    /// <summary>Needs conditions, the warehouse, a factory of <see cref="AppState.StudioDb"/>, <see cref="Access.Contacts"/> and <see cref="TimeProvider"/>.</summary>
    public static IServiceCollection AddPromotions(this IServiceCollection services)
    {
        services.AddSingleton<CouponCodes>();
        services.AddSingleton<CouponRules>();
        services.AddSingleton<RuleActivation>();
        services.AddSingleton<RuleVersions>();
        services.AddSingleton<RulePreviews>();
        services.AddSingleton<RuleTemplates>();
        services.AddSingleton<CodeExports>();
        services.AddSingleton<CodeBatches>();
        services.AddSingleton<RedemptionSearch>();
        services.AddSingleton<LedgerQueue>();
        services.AddSingleton<RedemptionLedger>();
        services.AddSingleton<ShopperJudge>();
        services.AddSingleton<CouponJudge>();
        services.AddSingleton(provider => new Redeemer(provider.GetRequiredService<IDbContextFactory<StudioDb>>(), provider.GetRequiredService<CouponJudge>(), provider.GetRequiredService<RedemptionLedger>()));
        services.AddSingleton<RuleReplays>();
        services.AddSingleton<PublishingCheck>();
        services.AddSingleton<ComplianceReport>();
        services.AddJobHandler<ReplayHandler>();
        return services;
    }
}
