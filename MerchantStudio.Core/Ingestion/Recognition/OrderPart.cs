namespace MerchantStudio.Core.Ingestion.Recognition;

/// <summary>What a purchase event tells of its order.</summary>
public enum OrderPart
{
    /// <summary>All of it, or as much as this event has.</summary>
    None,

    /// <summary>The order as it is now: earlier lines of it no longer hold (Segment's "Order Updated").</summary>
    Changed,

    /// <summary>The order without its lines, when they come as events of their own (Klaviyo's "Placed Order").</summary>
    Whole,

    /// <summary>A line of the order (Klaviyo's "Ordered Product").</summary>
    Line,
}
