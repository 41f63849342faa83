namespace MerchantStudio.Core.Learning.Collaborative;

/// <summary>Finds for each item those that shoppers chose shortly before or after it.</summary>
/// <param name="options">The defaults when null.</param>
public sealed class NeighbourTrainer(NeighbourOptions? options = null)
{
    private readonly NeighbourOptions _options = options ?? new NeighbourOptions();

    /// <param name="training">Each in order of time.</param>
    /// <param name="ids">The highest id that may come.</param>
    public ISequenceModel Train(ShopperSequences training, int ids, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(training);
        foreach (var id in training.Ids) ArgumentOutOfRangeException.ThrowIfGreaterThan(id, ids, nameof(training));
        var places = Enumerable.Range(0, ids).Select(_ => new List<(int Sequence, int Step)>()).ToArray();
        for (var sequence = 0; sequence < training.Count; sequence++)
        {
            for (var step = 0; step < training[sequence].Length; step++) places[training[sequence][step] - 1].Add((sequence, step));
        }

        var together = new double[ids];
        var neighbours = new (int Item, float Likeness)[ids][];
        for (var item = 0; item < ids; item++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            neighbours[item] = Of(item, together);
        }

        return new NeighbourModel(_options.Decay, neighbours);

        (int, float)[] Of(int item, double[] together)
        {
            var met = new HashSet<int>();
            foreach (var (sequence, at) in places[item])
            {
                var steps = training[sequence];
                for (var step = 0; step < steps.Length; step++)
                {
                    var other = steps[step] - 1;
                    if (other == item) continue;
                    met.Add(other);
                    together[other] += (step > at ? 1 : _options.Backward) * Math.Pow(_options.PairDecay, Math.Abs(step - at) - 1);
                }
            }

            var found = met.Select(other => (Item: other, Likeness: (float)(together[other] / (_options.Shrink + (Math.Pow(places[item].Count, 1 - _options.Balance) * Math.Pow(places[other].Count, _options.Balance))))))
                .OrderByDescending(other => other.Likeness).ThenBy(other => other.Item).Take(_options.Neighbours).ToArray();
            foreach (var other in met) together[other] = 0;
            return found;
        }
    }
}
