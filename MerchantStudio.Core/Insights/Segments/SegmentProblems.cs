using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Insights.Segments;

public sealed record NoShoppersToSegment()
    : Problem("segments.no-shoppers", "There is no shopper with an event, so there is nothing to group. Import events first.");

public sealed record SegmentNameMissing()
    : Problem("segments.no-name", "Give the segment a name of 1 to 80 characters.");

public sealed record SegmentNameTaken(string Name)
    : Problem("segments.name-taken", "A segment named '{0}' exists already. Choose another name.", Name);

public sealed record SegmentGone()
    : Problem("segments.gone", "This segment does not exist any more. Go back to the list.");

public sealed record SegmentInUse(string UsedIn)
    : Problem("segments.in-use", "The segment is used in {0}. Change that first.", UsedIn);

public sealed record RfmCutsUnsound()
    : Problem("segments.unsound-cuts", "Each measure needs four cut points in ascending order. Correct them or go back to quintiles.");
