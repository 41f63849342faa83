namespace MerchantStudio.Core.Ingestion.Text;

/// <summary>Finds the character that cuts a sample into the same number of columns on most lines.</summary>
internal static class DelimiterDetector
{
    private const int RecordsLookedAt = 200;
    private static readonly byte[] Candidates = [(byte)',', (byte)';', (byte)'\t', (byte)'|'];

    /// <param name="sample">UTF-8 text from the file's beginning.</param>
    /// <returns>The format; a comma when the sample has a single column.</returns>
    public static CsvFormat Detect(ReadOnlyMemory<byte> sample)
    {
        var lineEnd = sample.Span.Contains((byte)'\n') || !sample.Span.Contains((byte)'\r') ? (byte)'\n' : (byte)'\r';
        var best = new CsvFormat((byte)',', lineEnd);
        var bestScore = 0.0;
        foreach (var candidate in Candidates)
        {
            var format = new CsvFormat(candidate, lineEnd);
            var score = Score(sample, format);
            if (score <= bestScore) continue;
            best = format;
            bestScore = score;
        }

        return best;
    }

    /// <summary>Share of records with the most frequent width, a little more for wider ones; 0 for a single column.</summary>
    private static double Score(ReadOnlyMemory<byte> sample, CsvFormat format)
    {
        using var reader = new CsvReader(new PrefixedStream(sample, Stream.Null), format);
        var widths = new Dictionary<int, int>();
        var records = 0;
        while (records < RecordsLookedAt && reader.Read())
        {
            records++;
            if (reader.Fault == RecordFault.None) widths[reader.FieldCount] = widths.GetValueOrDefault(reader.FieldCount) + 1;
        }

        if (widths.Count == 0) return 0;
        var (width, count) = widths.MaxBy(entry => entry.Value);
        return width == 1 ? 0 : (double)count / records + 0.02 * Math.Log(width);
    }
}
