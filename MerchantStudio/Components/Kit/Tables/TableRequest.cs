namespace MerchantStudio.Components.Kit;

/// <summary>What a table that does not hold its rows asks its page for.</summary>
/// <param name="SortKey">Column's SortKey; null for the page's own order.</param>
/// <param name="Filter">What was typed into the filter; null for nothing.</param>
public sealed record TableRequest(string? SortKey, bool Descending, string? Filter, int Skip, int Take);

/// <param name="Total">Rows that meet the filter, on all pages.</param>
public sealed record TablePage<TItem>(IReadOnlyList<TItem> Items, int Total);

/// <summary>Where a column stands in the two-line list that a table becomes on a phone.</summary>
public enum PhonePlace
{
    /// <summary>Title for the first column, figure for the first strong number, else hidden.</summary>
    Auto,
    Title,
    Figure,

    /// <summary>Below, left.</summary>
    Fact,

    /// <summary>Below, right.</summary>
    FigureFact,
    Hidden,
}
