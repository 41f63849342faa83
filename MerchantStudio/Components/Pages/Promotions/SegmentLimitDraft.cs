using MerchantStudio.Core.Shop;

namespace MerchantStudio.Components.Pages.Promotions;

/// <summary>A segment's limit while it is edited.</summary>
public sealed class SegmentLimitDraft
{
    public string Segment { get; set; } = "";
    public decimal? Uses { get; set; }
    public Money? Budget { get; set; }
}
