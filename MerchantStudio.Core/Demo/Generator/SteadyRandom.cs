namespace MerchantStudio.Core.Demo.Generator;

/// <summary>SplitMix64: the same numbers on every machine and runtime. Each shopper draws from a stream of her own, so that a change to one does not move the others.</summary>
internal sealed class SteadyRandom(ulong seed, ulong stream)
{
    private const ulong Golden = 0x9E3779B97F4A7C15UL;
    private ulong _state = Mix(seed * Golden ^ Mix(stream + Golden));

    public ulong Next()
    {
        _state += Golden;
        return Mix(_state);
    }

    /// <summary>0 to <paramref name="bound"/> - 1.</summary>
    public int Below(int bound) => (int)Math.BigMul(Next(), (ulong)bound, out _);

    /// <summary>Both ends included.</summary>
    public int Between(int low, int high) => low + Below(high - low + 1);

    /// <summary>0 to 1, 1 excluded.</summary>
    public double Unit() => (Next() >> 11) * (1.0 / (1UL << 53));

    public bool Chance(double probability) => Unit() < probability;

    public T Pick<T>(IReadOnlyList<T> items) => items[Below(items.Count)];

    /// <summary>The place of a weight, drawn in proportion to the weights.</summary>
    public int PickWeighted(ReadOnlySpan<double> weights)
    {
        var sum = 0.0;
        foreach (var weight in weights) sum += weight;
        var left = Unit() * sum;
        for (var i = 0; i < weights.Length - 1; i++)
        {
            left -= weights[i];
            if (left < 0) return i;
        }
        return weights.Length - 1;
    }

    /// <summary>About normal, mean 0 and standard deviation 1, by adding twelve uniform numbers.</summary>
    public double Bell()
    {
        var sum = -6.0;
        for (var i = 0; i < 12; i++) sum += Unit();
        return sum;
    }

    /// <summary>How often a success of this probability fails to end the row: 0, 1, 2 ... with mean (1 - p) / p, at most <paramref name="most"/>.</summary>
    public int Run(double probability, int most)
    {
        var count = 0;
        while (count < most && !Chance(probability)) count++;
        return count;
    }

    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9UL;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EBUL;
        return value ^ (value >> 31);
    }
}
