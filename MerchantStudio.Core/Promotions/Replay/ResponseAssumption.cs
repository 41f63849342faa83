namespace MerchantStudio.Core.Promotions.Replay;

/// <summary>Where the share of abandoned baskets that an offer would bring back comes from.</summary>
public enum ResponseSource
{
    /// <summary>A range that no figure of the shop stands behind.</summary>
    Assumed,

    /// <summary>From the shop's own codes of the last 12 months; they were not dealt out at random.</summary>
    OwnCodes,
}

/// <summary>The share of abandoned baskets that the offer would have turned into orders which would not have come without it.</summary>
/// <param name="Low">Lower end of the 90 % interval, or of the assumed range.</param>
/// <param name="WithCode">Baskets with a code at hand, measured on; 0 when assumed.</param>
/// <param name="WithoutCode">Baskets without, measured on.</param>
public sealed record ResponseAssumption(ResponseSource Source, double Low, double Likely, double High, long WithCode, long WithoutCode)
{
    /// <summary>Fewer baskets than this on one side measure nothing.</summary>
    public const long LeastBaskets = 50;

    private const double NinetyPercent = 1.645;

    /// <summary>Of 100 baskets that no purchase followed, 2 to 8. A width to think with, not a finding.</summary>
    public static ResponseAssumption Range { get; } = new(ResponseSource.Assumed, 0.02, 0.05, 0.08, 0, 0);

    /// <summary>
    /// Among baskets that would not have come back by themselves, the share that a code brought back: (share back with a code − share back without) ÷ (1 − share back
    /// without), by the delta method. <see cref="Range"/> when there are too few, or too few that stayed away.
    /// </summary>
    internal static ResponseAssumption Of(ReplayCounts counts)
    {
        if (counts.WithCode < LeastBaskets || counts.WithoutCode < LeastBaskets) return Range;
        var with = counts.WithCodeBack / (double)counts.WithCode;
        var without = counts.WithoutCodeBack / (double)counts.WithoutCode;
        var away = 1 - without;
        if (away * counts.WithoutCode < LeastBaskets) return Range;
        var share = (with - without) / away;
        var variance = (with * (1 - with) / counts.WithCode / (away * away)) + (without * (1 - without) / counts.WithoutCode * Math.Pow((1 - with) / (away * away), 2));
        var half = NinetyPercent * Math.Sqrt(variance);
        return new ResponseAssumption(ResponseSource.OwnCodes, Math.Clamp(share - half, 0, 1), Math.Clamp(share, 0, 1), Math.Clamp(share + half, 0, 1), counts.WithCode, counts.WithoutCode);
    }
}
