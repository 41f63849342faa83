namespace MerchantStudio.Core.Learning.Trees;

/// <summary>Which bin each category of a column has. The 255 commonest in training have one each; rarer ones, and those never met, are unknown and go where missing values go.</summary>
internal sealed class CategoryCodes
{
    public const int MostBins = 255;
    public const byte Unknown = 255;

    private readonly byte[] _bins;

    private CategoryCodes(byte[] bins) => _bins = bins;

    public static CategoryCodes Fit(ReadOnlySpan<float> values, int categories)
    {
        var counts = new int[categories];
        foreach (var value in values)
        {
            if (value >= 0 && value < categories) counts[(int)value]++;
        }

        var kept = Enumerable.Range(0, categories).Where(code => counts[code] > 0).OrderByDescending(code => counts[code]).ThenBy(code => code).Take(MostBins).Order().ToArray();
        var bins = new byte[categories];
        Array.Fill(bins, Unknown);
        for (var bin = 0; bin < kept.Length; bin++) bins[kept[bin]] = (byte)bin;
        return new CategoryCodes(bins);
    }

    /// <summary>Bins that training rows fell into.</summary>
    public int Count => _bins.Count(bin => bin != Unknown);

    public byte Bin(float code) => code >= 0 && code < _bins.Length ? _bins[(int)code] : Unknown;

    public void Write(BinaryWriter writer)
    {
        writer.Write(_bins.Length);
        writer.Write(_bins);
    }

    public static CategoryCodes Read(BinaryReader reader)
    {
        var bins = reader.ReadBytes(reader.ReadInt32());
        return new CategoryCodes(bins);
    }
}
