using System.Globalization;
using MerchantStudio.Components.Conditions;
using MerchantStudio.Components.Shell;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Localization;

namespace MerchantStudio.Components.Pages.Promotions;

/// <summary>What a line of a condition found, in the reader's words.</summary>
internal static class TraceWords
{
    public static string Actual(TracedLine line, Texts texts, ConditionOptions options, ShopView shop) => line.Actual switch
    {
        null => line.Line is InSegment ? "–" : ConditionProjection.IsOfBasket(line.Line) ? texts["Promotions.no-basket"] : texts["Promotions.missing"],
        string key when line.Line is InSegment => options.Names.Of(key),
        string word => word,
        bool flag => texts[flag ? "Conditions.yes" : "Conditions.no"],
        DateTimeOffset at => shop.Day(at),
        decimal amount => Show.ExactMoney(shop.Money(amount)),
        double share when line.Kind == AttributeKind.Probability => Show.Percent(share),
        double score => Show.Signed(score, 2),
        IFormattable figure => figure.ToString("N0", CultureInfo.CurrentCulture),
        _ => "",
    };
}
