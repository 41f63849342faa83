using MerchantStudio.Core.Features;
using MerchantStudio.Core.Insights.Intent;
using MerchantStudio.Core.Shop;
using MerchantStudio.Localization;

namespace MerchantStudio.Components.Pages.Predictions;

/// <summary>Features and reasons as merchants read them.</summary>
internal static class FeatureWords
{
    private const double HoursInDay = 24;
    private const double HoursSaidInDays = 48;

    /// <summary>Hours and days from here on are told without decimals.</summary>
    private const double LongAgo = 10;

    private static readonly HashSet<string> Shares = ["activity_trend", "discounted_share", "top_category_share", "evening_share", "weekend_share", "mobile_share", "order_due"];
    private static readonly HashSet<string> Amounts = ["open_cart_value", "spend_90d", "spend_all", "average_order"];

    /// <summary>"1 day", "7 days".</summary>
    public static string Days(Texts texts, int days) => days == 1 ? texts["Intent.one-day"] : texts["Intent.days", days];

    public static string Name(Texts texts, string feature) => texts[$"Features.{feature}.name"];

    /// <summary>"3 products left in the cart"; the feature's name where the value is missing.</summary>
    public static string Reason(Texts texts, IntentReason reason, string currency) => Reason(texts, reason.Feature, reason.Value, currency);

    /// <summary>The reason in words; hours from two days on are said in days.</summary>
    public static string Reason(Texts texts, string feature, double? measured, string currency)
    {
        if (measured is not { } value) return texts["Intent.unknown-value", Name(texts, feature)];
        if (value >= HoursSaidInDays && FeatureCatalog.Find(feature) is { Unit: FeatureUnit.Hours }) return texts[$"Features.{feature}.reason-days", Show.Number(value / HoursInDay, 0)];
        return texts[$"Features.{feature}.reason", Value(feature, value, currency)];
    }

    public static string Value(string feature, double value, string currency)
    {
        if (Shares.Contains(feature)) return Show.Percent(value, 0);
        if (Amounts.Contains(feature)) return Show.Money(Money.Of((decimal)value, currency));
        var whole = FeatureCatalog.Find(feature) is { Unit: FeatureUnit.Hours or FeatureUnit.Days } && value >= LongAgo;
        return whole || value == Math.Floor(value) ? Show.Count((long)Math.Round(value)) : Show.Number(value);
    }
}
