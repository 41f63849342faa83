using MerchantStudio.Core.Features;
using MerchantStudio.Core.Shop;
using MerchantStudio.Localization;

namespace MerchantStudio.Components.Pages.Features;

/// <summary>One feature with what the live model makes of it.</summary>
/// <param name="Correlation">With buying within the page's horizon; null where it is not known.</param>
/// <param name="Importance">How much worse the live model's validation log-loss gets without it; null without a model.</param>
public sealed record FeatureLine(FeatureFigures Figures, double? Correlation, double? Importance)
{
    public FeatureDefinition Feature => Figures.Feature;

    public string Key => Feature.Key;

    public bool Helps => Importance > 0;

    public string Name(Texts texts) => texts[$"Features.{Key}.name"];

    public string About(Texts texts) => texts[$"Features.{Key}.about"];

    public string Group(Texts texts) => texts[$"Features.page.group-{Feature.Group}"];

    public string Window(Texts texts) => Feature.WindowDays switch
    {
        null => texts["Features.page.window-all"],
        1 => texts["Features.page.window-day"],
        { } days => texts["Features.page.window-days", days],
    };

    /// <summary>A value with the feature's unit; a dash for null.</summary>
    public string Write(Texts texts, double? value, string currency) => value is { } known ? WithUnit(texts, Feature.Unit, Write(Feature.Unit, known, currency)) : "–";

    public string Range(Texts texts, string currency) => Figures is { Low: { } low, High: { } high }
        ? WithUnit(texts, Feature.Unit, $"{Write(Feature.Unit, low, currency)} – {Write(Feature.Unit, high, currency)}")
        : "–";

    /// <summary>"1,733 h", "2 – 40 days"; as it is where the figure says its unit itself.</summary>
    public static string WithUnit(Texts texts, FeatureUnit unit, string figure) =>
        unit is FeatureUnit.Hours or FeatureUnit.Days or FeatureUnit.Minutes ? texts[$"Features.page.unit-{unit}", figure] : figure;

    /// <summary>The figure alone, for axes.</summary>
    public static string Write(FeatureUnit unit, double value, string currency) => unit switch
    {
        FeatureUnit.Share => Show.Percent(value, 0),
        FeatureUnit.Money => Show.Money(Money.Of((decimal)value, currency)),
        FeatureUnit.Count or FeatureUnit.YesNo when value == Math.Floor(value) => Show.Count((long)value),
        _ when Math.Abs(value) >= 100 || value == Math.Floor(value) => Show.Number(value, 0),
        FeatureUnit.Number => Show.Number(value, 2),
        _ => Show.Number(value),
    };
}
