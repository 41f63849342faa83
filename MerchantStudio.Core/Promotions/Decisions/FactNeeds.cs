using System.Collections.Immutable;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Promotions.Replay;

namespace MerchantStudio.Core.Promotions.Decisions;

/// <summary>What has to be read of a shopper to judge some conditions.</summary>
/// <param name="Shopper">Anything at all.</param>
internal readonly record struct FactNeeds(bool Shopper, bool Events, bool Orders, bool Interests)
{
    /// <param name="conditions">Sound ones.</param>
    public static FactNeeds Of(IEnumerable<Condition> conditions, ConditionContext context)
    {
        var lines = conditions.SelectMany(condition => ReplayNeeds.Lines(condition, context)).Where(line => !ConditionProjection.IsOfBasket(line)).ToImmutableArray();
        return new FactNeeds(!lines.IsEmpty, lines.Any(line => line is EventCount { EventType: not "order" }), lines.Any(line => line is EventCount { EventType: "order" }), lines.Any(line => line is CategoryInterest));
    }
}
