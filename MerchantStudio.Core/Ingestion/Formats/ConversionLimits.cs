namespace MerchantStudio.Core.Ingestion.Formats;

/// <summary>How far a converter goes before it refuses a file.</summary>
/// <param name="MaxBytes">Of unpacked content, and of the text that is written.</param>
/// <param name="MaxRatio">Unpacked to packed, once more than 64 MB are unpacked.</param>
internal sealed record ConversionLimits(long MaxBytes, int MaxRatio)
{
    public const int MaxColumns = Text.CsvFormat.MaxColumns;

    /// <summary>Repetitive but honest files exceed the ratio while they are small.</summary>
    public const long RatioCountsFrom = 64L * 1024 * 1024;

    /// <summary>Objects within objects; deeper data is not a shop's.</summary>
    public const int MaxDepth = 64;

    public void Check(long unpacked, long packed)
    {
        if (unpacked > MaxBytes) throw new Text.UnpackLimitException(MaxBytes, null);
        if (unpacked > RatioCountsFrom && unpacked / Math.Max(1, packed) > MaxRatio) throw new Text.UnpackLimitException(null, MaxRatio);
    }
}

/// <summary>A converter cannot go on; turned into its problem at the entry of the folder, <see cref="FileConverter"/>.</summary>
internal sealed class FileRefusedException(Outcomes.Problem problem) : Exception(problem.Message)
{
    public Outcomes.Problem Problem { get; } = problem;
}
