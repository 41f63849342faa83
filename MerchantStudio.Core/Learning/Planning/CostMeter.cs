namespace MerchantStudio.Core.Learning.Planning;

/// <summary>Tells from short timed trials on few rows how long work on many will take.</summary>
public static class CostMeter
{
    private const int First = 256;
    private const int Growth = 4;

    /// <summary>What runs often is compiled once more, and better, after some tenths of a second; until then it takes up to five times as long.</summary>
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(0.5);

    /// <summary>Nobody waits longer for that on a machine that is busy.</summary>
    private static readonly TimeSpan LongestWarmUp = 4 * WarmUp;

    /// <summary>
    /// Does the work on more and more rows while that is expected to stay within the patience, and lays a line through the last two times of a round. How many rounds
    /// it takes hardly depends on the rows; those of the largest trial are taken. What is done before that, until the code has been compiled for good, does not count.
    /// </summary>
    /// <param name="work">Does the work on as many rows as it is told, 1 or more, and says how many rounds it took, 1 or more.</param>
    /// <param name="mostRows">No trial takes more rows than this; 1 or more.</param>
    /// <param name="patience">How long the trials that count may take together; the first two are made all the same.</param>
    /// <param name="worked">Tells how long a trial computed, as far as something else than <paramref name="time"/> does.</param>
    /// <returns>Seconds that do not depend on the rows, and seconds for each row; neither is negative.</returns>
    public static (double Fixed, double PerRow) Measure(Func<int, int> work, int mostRows, TimeSpan patience, TimeProvider time, TimeProvider? worked = null)
    {
        ArgumentNullException.ThrowIfNull(work);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentOutOfRangeException.ThrowIfLessThan(mostRows, 1);
        worked ??= time;
        var rows = Math.Min(First, mostRows);
        var begun = time.GetTimestamp();
        var warm = 0.0;
        do warm += Try().Seconds;
        while (warm < WarmUp.TotalSeconds && time.GetElapsedTime(begun) < LongestWarmUp);
        begun = time.GetTimestamp();
        var last = Try();
        (int Rows, int Rounds, double Seconds)? before = null;
        while (rows < mostRows && (before is null || time.GetElapsedTime(begun).TotalSeconds + (last.Seconds * Growth) <= patience.TotalSeconds))
        {
            before = last;
            rows = Math.Min(Growth * rows, mostRows);
            last = Try();
        }

        var round = last.Seconds / last.Rounds;
        if (before is not { } smaller) return (0, last.Seconds / last.Rows);
        var slope = Math.Clamp((round - (smaller.Seconds / smaller.Rounds)) / (last.Rows - smaller.Rows), 0, round / last.Rows);
        return ((round - (slope * last.Rows)) * last.Rounds, slope * last.Rounds);

        (int Rows, int Rounds, double Seconds) Try()
        {
            var started = worked.GetTimestamp();
            var rounds = Math.Max(1, work(rows));
            return (rows, rounds, worked.GetElapsedTime(started).TotalSeconds);
        }
    }
}
