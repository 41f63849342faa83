using System.Collections.Immutable;
using MerchantStudio.Core.Promotions.Pricing;

namespace MerchantStudio.Core.Promotions.Decisions;

/// <summary>What a shop asks of one shopper at one moment: which offers apply to what she is about to buy.</summary>
/// <param name="ShopperId">Null for a guest.</param>
/// <param name="Codes">That she brought, as typed; at most <see cref="MostCodes"/>.</param>
/// <param name="Experiments">Keys of those that the shop acts on with this answer: she is written down in them. Empty where it only wants to know.</param>
public sealed record OfferQuestion(string? ShopperId, Cart Cart, ImmutableArray<string> Codes, ImmutableArray<string> Experiments)
{
    public const int MostCodes = 20;
    public const int MostExperiments = 20;
}
