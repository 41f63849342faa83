namespace MerchantStudio.Core.Pipeline.Debate;

/// <summary>How far several models' chances of the same shoppers lie apart.</summary>
internal static class Disagreement
{
    /// <returns>For each shopper her place by falling chance: 1 is the highest, equal chances share their places.</returns>
    public static SharedPlace[] Places(float[] chances)
    {
        var order = Enumerable.Range(0, chances.Length).OrderByDescending(row => chances[row]).ToArray();
        var places = new SharedPlace[chances.Length];
        for (var first = 0; first < order.Length;)
        {
            var sharing = 1;
            while (first + sharing < order.Length && chances[order[first + sharing]] == chances[order[first]]) sharing++;
            foreach (var row in order.AsSpan(first, sharing)) places[row] = new SharedPlace(first + 1, sharing);
            first += sharing;
        }

        return places;
    }

    /// <summary>Highest less lowest chance of one shopper; 0 without models.</summary>
    public static double OfChance(IReadOnlyList<float[]> chances, int row) => chances.Count == 0 ? 0 : chances.Max(one => one[row]) - (double)chances.Min(one => one[row]);

    /// <summary>Highest less lowest place of one shopper as a share of all places. Of shared places the middle one counts, so that a model that tells few shoppers apart disputes nobody by that alone; 0 without models.</summary>
    public static double OfPlace(IReadOnlyList<SharedPlace[]> places, int row) => places.Count == 0 ? 0 : (places.Max(one => one[row].Middle) - places.Min(one => one[row].Middle)) / Math.Max(1, places[0].Length - 1);
}
