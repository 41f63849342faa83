using System.Collections.Immutable;
using MerchantStudio.Core.Insights.Intent;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Pipeline.SessionEnd;
using MerchantStudio.Core.Shop;

namespace MerchantStudio.Core.Pipeline.Serving;

/// <summary>What the models in use say of one shopper.</summary>
/// <param name="AsOf">Her features are of this moment: just after her last event, or the last run if she has had none since.</param>
/// <param name="IsLive">Whether something of hers has changed since the last run.</param>
/// <param name="Chances">One for each forecast with a model in use, the shortest first.</param>
/// <param name="Visit">Null where no visit of hers is under way, she has bought in it already, or no model of how visits end is in use.</param>
public sealed record ShopperScores(ShopperId Shopper, DateTimeOffset AsOf, bool IsLive, ImmutableArray<LiveChance> Chances, VisitChance? Visit);

/// <summary>Whether the visit that is under way ends in a purchase.</summary>
/// <param name="Events">So far.</param>
/// <param name="LastAt">When the last of them came.</param>
/// <param name="Probability">Calibrated, 0 to 1.</param>
/// <param name="Low">Lower end of the 80 % band.</param>
/// <param name="High">Upper end.</param>
/// <param name="Threshold">From here on the model says "ends in a purchase".</param>
/// <param name="Version">Number of the version that says it.</param>
/// <param name="Family">Of that version.</param>
/// <param name="Reasons">Which kinds of events move it most, strongest first; empty where nobody asked for them.</param>
public sealed record VisitChance(int Events, DateTimeOffset LastAt, double Probability, double Low, double High, double Threshold, int Version, string Family, ImmutableArray<SessionReason> Reasons)
{
    public bool IsLikely => Probability >= Threshold;
}

/// <param name="HorizonDays">Within so many days she buys.</param>
/// <param name="Probability">Calibrated, 0 to 1.</param>
/// <param name="Low">Lower end of the 80 % band.</param>
/// <param name="High">Upper end.</param>
/// <param name="Threshold">From here on the model says "will buy".</param>
/// <param name="Version">Number of the version that says it.</param>
/// <param name="Family">Of that version.</param>
/// <param name="Reasons">Empty where nobody asked for them or the model gives none.</param>
public sealed record LiveChance(int HorizonDays, double Probability, double Low, double High, double Threshold, int Version, string Family, ImmutableArray<IntentReason> Reasons)
{
    public bool IsLikely => Probability >= Threshold;
}

public sealed record ScoreKeyRefused()
    : Problem("scores.key-refused", "The header X-API-Key holds no key that may read scores. Make one under Settings, Keys.");

public sealed record ScoresNotReady()
    : Problem("scores.not-ready", "No model scores shoppers yet. Import events and refresh the insights once.");
