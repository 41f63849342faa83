namespace MerchantStudio.Core.Currencies;

/// <summary>What sales less refunds come to in one currency.</summary>
/// <param name="Lines">Sales and refunds with an amount.</param>
/// <param name="Original">As written, in the currency.</param>
/// <param name="Base">In the shop's currency; lines without a rate are not in it.</param>
/// <param name="WithoutRate">Lines that no rate was in force for.</param>
public sealed record CurrencyTotal(string Currency, long Lines, decimal Original, decimal Base, long WithoutRate);
