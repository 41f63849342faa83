namespace MerchantStudio.Core.Ingestion.Values;

/// <summary>An order's discount on its lines.</summary>
public static class DiscountShares
{
    /// <param name="values">What each line comes to; at least one.</param>
    /// <returns>By value, in ten-thousandths; the last line takes what rounding leaves. All of it on the first line where nothing has a value.</returns>
    public static long[] Of(long discount, IReadOnlyList<decimal> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var total = values.Sum();
        var shares = new long[values.Count];
        if (total <= 0)
        {
            shares[0] = discount;
            return shares;
        }

        for (var line = 0; line < shares.Length; line++) shares[line] = (long)decimal.Round(discount * values[line] / total, 0, MidpointRounding.AwayFromZero);
        shares[^1] += discount - shares.Sum();
        return shares;
    }
}
