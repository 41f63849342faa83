using MerchantStudio.Core.Insights.Figures;

namespace MerchantStudio.Components.Shell;

/// <summary>The period in the address. Days count back from the last day that holds data, so that a file from last year shows something.</summary>
/// <param name="FirstDay">In the store's zone; null without data.</param>
/// <param name="LastDay">Null without data.</param>
public sealed record ShopPeriod(PeriodChoice Choice, DateOnly? FirstDay, DateOnly? LastDay)
{
    /// <summary>"7d", "28d", "90d", "365d", "all" or "2026-01-01..2026-01-31".</summary>
    public string Key => Choice.Key;

    public bool IsDefault => Choice == PeriodChoice.Default;

    /// <summary>Dates of one's own.</summary>
    public bool IsCustom => Choice.From is not null;
}
