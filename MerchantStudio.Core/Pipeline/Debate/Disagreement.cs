namespace MerchantStudio.Core.Pipeline.Debate;

/// <summary>How far several models' chances of the same shoppers lie apart.</summary>
internal static class Disagreement
{
    /// <returns>For each shopper her place by falling chance: 1 is the highest, equal chances share the first place among them.</returns>
    public static int[] Places(float[] chances)
    {
        var order = Enumerable.Range(0, chances.Length).OrderByDescending(row => chances[row]).ToArray();
        var places = new int[chances.Length];
        for (var i = 0; i < order.Length; i++) places[order[i]] = i > 0 && chances[order[i]] == chances[order[i - 1]] ? places[order[i - 1]] : i + 1;
        return places;
    }

    /// <summary>Highest less lowest chance of one shopper.</summary>
    public static double OfChance(IReadOnlyList<float[]> chances, int row) => chances.Max(one => one[row]) - (double)chances.Min(one => one[row]);

    /// <summary>Highest less lowest place of one shopper as a share of all places.</summary>
    public static double OfPlace(IReadOnlyList<int[]> places, int row) => (places.Max(one => one[row]) - places.Min(one => one[row])) / (double)Math.Max(1, places[0].Length - 1);
}
