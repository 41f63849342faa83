using System.Numerics;

namespace MerchantStudio.Core.Learning;

/// <summary>SplitMix64: a small generator whose sequence is ours, so a seed means the same on every version and machine.</summary>
/// <remarks>Steele, Lea and Flood, Fast splittable pseudorandom number generators, OOPSLA 2014.</remarks>
public sealed class SeededRandom(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        _state += 0x9E3779B97F4A7C15UL;
        var z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }

    /// <summary>0 included to 1 excluded.</summary>
    public double NextDouble() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>0 included to <paramref name="below"/> excluded.</summary>
    public int NextInt(int below) => (int)Math.BigMul(Next(), (ulong)below, out _);

    /// <summary><paramref name="count"/> different numbers below <paramref name="of"/>, ascending.</summary>
    public int[] Sample(int of, int count)
    {
        var chosen = new int[count];
        var taken = 0;
        for (var i = 0; i < of && taken < count; i++)
        {
            if (NextDouble() * (of - i) < count - taken) chosen[taken++] = i;
        }

        return chosen;
    }

    /// <summary>Brings these into a random order, in place (Fisher and Yates).</summary>
    public T[] Shuffle<T>(T[] values)
    {
        Shuffle(values.AsSpan());
        return values;
    }

    /// <summary>Brings these into a random order, in place (Fisher and Yates).</summary>
    public void Shuffle<T>(Span<T> values)
    {
        for (var i = values.Length - 1; i > 0; i--)
        {
            var other = NextInt(i + 1);
            (values[i], values[other]) = (values[other], values[i]);
        }
    }

    public static ulong Mix(ulong seed, ulong stream) => new SeededRandom(seed ^ BitOperations.RotateLeft(stream * 0xD6E8FEB86659FD93UL, 29)).Next();
}
