namespace MerchantStudio.Core.Learning.Collaborative;

/// <summary>Counts how many chose each item.</summary>
public static class PopularityTrainer
{
    /// <param name="training">What each shopper chose; the order does not matter.</param>
    /// <param name="ids">The highest id that may come.</param>
    public static ISequenceModel Train(ShopperSequences training, int ids)
    {
        ArgumentNullException.ThrowIfNull(training);
        var counts = new float[ids];
        foreach (var id in training.Ids) counts[id - 1]++;
        return new PopularityModel(counts);
    }
}
