namespace MerchantStudio.Core.Ingestion.Values;

/// <summary>Which comes first in dates like 3/4/2026.</summary>
public enum DateOrder
{
    DayFirst,
    MonthFirst,
}
