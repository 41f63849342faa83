using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Evaluation.Sequences;

namespace MerchantStudio.Core.Pipeline.SessionEnd;

/// <summary>The beginning of a visit, as somebody sees it who asks in the middle.</summary>
/// <param name="Steps">One or more.</param>
/// <param name="Y">1 where a purchase followed in the same visit, else 0.</param>
internal sealed record SessionPrefix(DateTimeOffset Begin, int[] Steps, float Y);

/// <summary>One beginning of each visit, split by when the visits began.</summary>
internal sealed record SessionPrefixes(ImmutableArray<string> Kinds, TimeSides<SessionPrefix> Sides)
{
    /// <summary>Each side of the split needs so many visits that ended in a purchase, and so many that did not.</summary>
    public const int FewestOfEach = 10;

    /// <summary>Of each visit one moment is drawn, each event before a purchase being as likely: the beginning up to and with it is what is known. So long visits count no more than short ones.</summary>
    public static SessionPrefixes Draw(SessionSteps steps, int seed)
    {
        var random = new SeededRandom((ulong)seed);
        return new(steps.Kinds, TimeSides.Of([.. steps.Sessions.Select(session => new SessionPrefix(session.Begin, session.Steps[..(1 + random.NextInt(session.Steps.Length))], session.Bought ? 1 : 0))]));
    }

    public TooFewSessions? TooFew
    {
        get
        {
            var bought = Sides.All.Sum(side => side.Count(one => one.Y > 0));
            return Sides.All.All(side => side.Count(one => one.Y > 0) >= FewestOfEach && side.Count(one => one.Y == 0) >= FewestOfEach) ? null
                : new TooFewSessions(Sides.All.Sum(side => side.Length), bought, FewestOfEach);
        }
    }

    /// <summary>SHA-256 over the kinds and every beginning: with the same hash, the same rows in the same order.</summary>
    public string Hash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var kind in Kinds) hash.AppendData(Encoding.UTF8.GetBytes(kind + "\n"));
        foreach (var one in Sides.All.SelectMany(side => side))
        {
            hash.AppendData([(byte)one.Y, .. BitConverter.GetBytes(one.Steps.Length)]);
            hash.AppendData(MemoryMarshal.AsBytes(one.Steps.AsSpan()));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
