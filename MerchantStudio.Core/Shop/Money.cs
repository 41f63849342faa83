using System.Globalization;

namespace MerchantStudio.Core.Shop;

/// <summary>An exact amount in the currency's minor unit (cents; whole yen for JPY).</summary>
/// <param name="Minor">Minor units; may be negative for refunds.</param>
/// <param name="Currency">ISO 4217 code, upper case.</param>
public readonly record struct Money(long Minor, string Currency)
{
    private static readonly HashSet<string> WholeUnits = ["BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF"];
    private static readonly HashSet<string> ThreeDecimals = ["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"];

    /// <summary>Decimal places of a currency: 2 for most, 0 or 3 for some.</summary>
    public static int Decimals(string currency) => WholeUnits.Contains(currency) ? 0 : ThreeDecimals.Contains(currency) ? 3 : 2;

    /// <summary>Rounds half away from zero to minor units.</summary>
    public static Money Of(decimal amount, string currency) =>
        new((long)decimal.Round(amount * Scale(currency), 0, MidpointRounding.AwayFromZero), currency);

    public decimal Amount => Minor / Scale(Currency);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Amount} {Currency}");

    private static decimal Scale(string currency) => Decimals(currency) switch { 0 => 1m, 3 => 1000m, _ => 100m };
}
