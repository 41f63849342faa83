using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace MerchantStudio.Core.Learning.Evaluation;

/// <summary>Which records test and which validate.</summary>
/// <param name="Test">True for records that are only ever scored.</param>
/// <param name="Validation">True for records outside the test side that choose and stop, but are not fitted on.</param>
public sealed record RecordSplit(bool[] Test, bool[] Validation)
{
    public int[] TrainingRows => Rows(i => !Test[i] && !Validation[i]);

    public int[] ValidationRows => Rows(i => Validation[i]);

    public int[] TestRows => Rows(i => Test[i]);

    /// <summary>First 12 hex digits of the MD5 of the test record numbers, ascending, joined by commas: two programs that print the same one used the same split.</summary>
    public string Check => Convert.ToHexStringLower(HashSplit.Md5(string.Join(',', TestRows)))[..12];

    private int[] Rows(Func<int, bool> wanted) => [.. Enumerable.Range(0, Test.Length).Where(wanted)];
}

/// <summary>A split that any language can repeat: by MD5 of the record's number and a seed, with equal records on one side.</summary>
public static class HashSplit
{
    /// <param name="contents">What makes two records the same, in file order: all fields but ids, or the review's text.</param>
    public static RecordSplit Of(IReadOnlyList<string> contents, int seed)
    {
        ArgumentNullException.ThrowIfNull(contents);
        var leaders = new Dictionary<string, int>(contents.Count, StringComparer.Ordinal);
        var test = new bool[contents.Count];
        var validation = new bool[contents.Count];
        for (var record = 0; record < contents.Count; record++)
        {
            if (!leaders.TryGetValue(contents[record], out var leader)) leaders[contents[record]] = leader = record;
            test[record] = Bucket(string.Create(CultureInfo.InvariantCulture, $"{leader}:{seed}")) < 20;
            validation[record] = !test[record] && Bucket(string.Create(CultureInfo.InvariantCulture, $"{leader}:{seed}-inner")) < 15;
        }

        return new RecordSplit(test, validation);
    }

    /// <returns>0 to 99.</returns>
    internal static int Bucket(string key) => (int)(BinaryPrimitives.ReadUInt32BigEndian(Md5(key)) % 100);

    // MD5 only deals the records out; nothing secret rests on it.
#pragma warning disable CA5351
    internal static byte[] Md5(string text) => MD5.HashData(Encoding.UTF8.GetBytes(text));
#pragma warning restore CA5351
}
