using System.Collections.Concurrent;

namespace MerchantStudio.Endpoints;

/// <summary>Counts wrong guesses by who makes them, a minute at a time, in bounded memory.</summary>
internal sealed class Guesses<TWho>(TimeProvider clock) where TWho : notnull
{
    /// <summary>Wrong ones in a minute that are told so.</summary>
    public const int MostAMinute = 20;

    private const int MostGuessers = 20_000;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<TWho, Count> _counts = new();

    /// <summary>Guessers that are being counted.</summary>
    public int Guessers => _counts.Count;

    /// <summary>Notes one more.</summary>
    /// <returns>Seconds until this guesser is listened to again; null while it may go on.</returns>
    public int? Note(TWho who)
    {
        var now = clock.GetTimestamp();
        if (_counts.Count >= MostGuessers) Forget(now);
        var count = _counts.AddOrUpdate(who, _ => new Count(now, 1), (_, known) => IsOver(known, now) ? new Count(now, 1) : known with { Wrong = known.Wrong + 1 });
        return count.Wrong <= MostAMinute ? null : Left(count, now);
    }

    /// <summary>Seconds until this guesser is listened to again, without noting anything; null while it may go on.</summary>
    public int? Held(TWho who)
    {
        var now = clock.GetTimestamp();
        return _counts.TryGetValue(who, out var count) && !IsOver(count, now) && count.Wrong >= MostAMinute ? Left(count, now) : null;
    }

    private int Left(Count count, long now) => Math.Max(1, (int)Math.Ceiling((Window - clock.GetElapsedTime(count.Since, now)).TotalSeconds));

    private bool IsOver(Count count, long now) => clock.GetElapsedTime(count.Since, now) >= Window;

    /// <summary>Those of minutes past; all of them where so many came in one minute that counting each is of no use.</summary>
    private void Forget(long now)
    {
        foreach (var (who, count) in _counts)
        {
            if (IsOver(count, now)) _counts.TryRemove(who, out _);
        }

        if (_counts.Count >= MostGuessers) _counts.Clear();
    }

    private readonly record struct Count(long Since, int Wrong);
}
