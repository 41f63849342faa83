using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace MerchantStudio.Core.Experiments;

/// <summary>Where a person came to stand.</summary>
public enum AssignmentKind
{
    /// <summary>Beyond all shares that are given out: neither treated nor compared with.</summary>
    NotEnrolled,

    /// <summary>In the arm <see cref="Assigned.Arm"/>.</summary>
    Arm,

    /// <summary>Held back from this campaign alone: the people whom it is compared with.</summary>
    Holdout,

    /// <summary>Held back from all campaigns; not among the people of this experiment.</summary>
    GlobalHoldout,
}

/// <param name="Arm">Index into <see cref="ExperimentSplit.Arms"/>; -1 where <see cref="Kind"/> is no arm.</param>
public readonly record struct Assigned(AssignmentKind Kind, int Arm)
{
    public static readonly Assigned NotEnrolled = new(AssignmentKind.NotEnrolled, -1);
    public static readonly Assigned Holdout = new(AssignmentKind.Holdout, -1);
    public static readonly Assigned GlobalHoldout = new(AssignmentKind.GlobalHoldout, -1);
}

/// <summary>Who is held back from every campaign, so that all of them together can be judged.</summary>
/// <param name="Salt">Decides who is in it; while it stays the same, so do the people. Another salt draws anew.</param>
/// <param name="BasisPoints">Share of all people, 0 to 10,000. A larger share keeps those who were in it.</param>
public sealed record GlobalHoldout(string Salt, int BasisPoints)
{
    public bool Holds(string unit) => Assignment.Slot(Salt, unit) < BasisPoints;
}

/// <summary>
/// Gives each person the same place each time, without a table: the first 64 bits of SHA-256 of "salt:unit", as a share of 1. Any language and SQL with sha256 can repeat it.
/// </summary>
/// <remarks>Bakshy, Eckles and Bernstein, Designing and deploying online field experiments, WWW 2014 (PlanOut).</remarks>
public static class Assignment
{
    /// <summary>Slots that shares are given out in: one is a basis point.</summary>
    public const int Slots = 10_000;

    private const int OnStack = 512;

    /// <summary>The global holdout first, then the experiment's own ranges. Allocates nothing for ids of common length.</summary>
    /// <param name="global">Null where no one is held back from all campaigns.</param>
    /// <param name="unit">Whom it is dealt to: a shopper's id.</param>
    public static Assigned ArmOf(ExperimentSplit split, GlobalHoldout? global, string unit)
    {
        ArgumentNullException.ThrowIfNull(split);
        return global is not null && global.Holds(unit) ? Assigned.GlobalHoldout : split.ArmOf(unit);
    }

    /// <returns>0 included to 1 excluded.</returns>
    public static double Position(string salt, string unit) => (Hash(salt, unit) >> 11) * (1.0 / (1UL << 53));

    /// <returns>0 to 9,999, each as likely as the others to one part in 10^15.</returns>
    public static int Slot(string salt, string unit) => (int)Math.BigMul(Hash(salt, unit), Slots, out _);

    /// <summary>The first 8 bytes, big-endian, of SHA-256 of "salt:unit" in UTF-8.</summary>
    /// <param name="salt">Not empty and without a colon, so that no two pairs make the same text.</param>
    public static ulong Hash(string salt, string unit)
    {
        ArgumentNullException.ThrowIfNull(unit);
        CheckSalt(salt);
        var most = Encoding.UTF8.GetMaxByteCount(salt.Length + unit.Length + 1);
        Span<byte> text = most <= OnStack ? stackalloc byte[OnStack] : new byte[most];
        var length = Encoding.UTF8.GetBytes(salt, text);
        text[length++] = (byte)':';
        length += Encoding.UTF8.GetBytes(unit, text[length..]);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text[..length], hash);
        return BinaryPrimitives.ReadUInt64BigEndian(hash);
    }

    internal static void CheckSalt(string salt)
    {
        ArgumentException.ThrowIfNullOrEmpty(salt);
        if (salt.Contains(':', StringComparison.Ordinal)) throw new ArgumentException($"The salt '{salt}' must not hold a colon.", nameof(salt));
    }
}
