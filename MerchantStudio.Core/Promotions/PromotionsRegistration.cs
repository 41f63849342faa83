using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Jobs;
using MerchantStudio.Core.Promotions.Decisions;
using MerchantStudio.Core.Promotions.Guards;
using MerchantStudio.Core.Promotions.Redemptions;
using MerchantStudio.Core.Promotions.Replay;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace MerchantStudio.Core.Promotions;

public static class PromotionsRegistration
{
    /// <summary>Needs conditions, the warehouse, a factory of <see cref="AppState.StudioDb"/>, <see cref="Access.Contacts"/> and <see cref="TimeProvider"/>.</summary>
    public static IServiceCollection AddPromotions(this IServiceCollection services)
    {
        services.AddSingleton<CouponCodes>();
        services.AddSingleton<CouponRules>();
        services.AddSingleton<RuleActivation>();
        services.AddSingleton<CampaignOffers>();
        services.AddSingleton<RuleVersions>();
        services.AddSingleton<RulePreviews>();
        services.AddSingleton<RuleTemplates>();
        services.AddSingleton<CodeExports>();
        services.AddSingleton<CodeSheets>();
        services.AddSingleton<CodeBatches>();
        services.AddSingleton<RedemptionSearch>();
        services.AddSingleton<LedgerQueue>();
        services.AddSingleton<RedemptionLedger>();
        services.AddSingleton<ReferralFriends>();
        services.AddSingleton<Referrals.ReferralProgrammes>();
        services.AddSingleton<Referrals.ReferralCodes>();
        services.AddSingleton<Referrals.ReferralReports>();
        services.AddSingleton(provider => new Referrals.ReferralImports(
            provider.GetRequiredService<IDbContextFactory<StudioDb>>(), provider.GetRequiredService<Warehouse.WarehouseRegistry>(), provider.GetRequiredService<RedemptionLedger>(), provider.GetRequiredService<ReferralFriends>(), provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<Microsoft.Extensions.Logging.ILogger<Referrals.ReferralImports>>()));
        services.AddSingleton<ShopperJudge>();
        services.AddSingleton<CouponJudge>();
        services.AddSingleton(provider => new CartTrials(
            provider.GetRequiredService<IDbContextFactory<StudioDb>>(), provider.GetRequiredService<Warehouse.WarehouseRegistry>(), provider.GetRequiredService<Conditions.AudienceReader>(), provider.GetRequiredService<CouponJudge>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new Redeemer(provider.GetRequiredService<IDbContextFactory<StudioDb>>(), provider.GetRequiredService<CouponJudge>(), provider.GetRequiredService<RedemptionLedger>(), provider.GetRequiredService<ShopperMemory>()));
        services.AddOptions<DecisionOptions>().BindConfiguration("Studio:Decisions").Validate(options => options.PatienceMilliseconds > 0, "Every value of Studio:Decisions must be above 0.").ValidateOnStart();
        services.AddSingleton<ShopperMemory>();
        services.AddSingleton<TypedCodes>();
        services.AddSingleton<ActedOn>();
        services.AddSingleton<LiveOffersReader>();
        services.AddSingleton<LiveOffersCache>();
        services.AddSingleton(provider => new OfferDecisions(
            provider.GetRequiredService<LiveOffersCache>(), provider.GetRequiredService<ShopperMemory>(), provider.GetRequiredService<TypedCodes>(), provider.GetRequiredService<ActedOn>(), provider.GetRequiredService<IOptions<DecisionOptions>>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<Personal.PersonalOffers>();
        services.AddSingleton<Personal.Tries.OfferTries>();
        services.AddSingleton<Personal.PersonalCodes>();
        services.AddSingleton<RuleReplays>();
        services.AddSingleton<PublishingCheck>();
        services.AddSingleton<ComplianceReport>();
        services.AddJobHandler<ReplayHandler>();
        return services;
    }
}
