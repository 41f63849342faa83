using System.Collections.Immutable;
using MerchantStudio.Core.Ingestion.Text;

namespace MerchantStudio.Core.Ingestion.Formats.Json;

/// <summary>Delimited text whose cells hold an event's lists and objects as JSON, as exports of Segment's and GA4's tables do: a row an item comes of it.</summary>
internal static class NestedCells
{
    private const int RowsBetweenLooks = 10_000;

    /// <summary>Columns that hold an object; its properties become columns of their own.</summary>
    private static readonly ImmutableHashSet<string> Objects = ["properties", "context", "traits", "device", "geo", "traffic_source", "ecommerce"];

    /// <summary>Whether this is such a file, judged by its header and its first rows.</summary>
    public static bool AreIn(string path)
    {
        if (!HasJson(path) || !DelimitedFile.Open(path, new FileReading()).TryGet(out var file, out _)) return false;
        using (file)
        {
            return file.Shape.HasHeader && NestedEvents.MayBeIn(file.Columns) && file.Sample.Any(row => row.Any(IsJson));
        }
    }

    public static ReadableFile Convert(string path, string target, ConversionLimits limits, CancellationToken cancellationToken)
    {
        var reading = new FileReading { MaxUnpackedBytes = limits.MaxBytes, MaxUnpackRatio = limits.MaxRatio };
        if (!DelimitedFile.Open(path, reading).TryGet(out var file, out var problem)) throw new FileRefusedException(problem);
        using var rows = file;
        using var writer = new TableWriter(target, limits);
        var table = new FlatTable(writer);
        var events = new NestedEvents(table);
        var (record, inner) = (new FlatRecord(), new FlatRecord());
        events.Expect([.. rows.Columns.Where(name => name.Length > 0).Distinct()]);
        for (var read = 1; rows.Read(); read++)
        {
            if (read % RowsBetweenLooks == 0) cancellationToken.ThrowIfCancellationRequested();
            if (!rows.IsWhole)
            {
                table.Broken(rows.Line, rows.Raw);
                continue;
            }

            record.Clear();
            for (var column = 0; column < rows.Columns.Length; column++) Add(rows.Columns[column], rows.Utf8(column), record, inner);
            events.Add(rows.Line, record, rows.Raw);
        }

        table.Complete();
        return new ReadableFile(target, FileFormat.Csv, Numbered: true) { NamesColumns = true, Records = writer.Records, LateFields = table.LateFields, LateRecords = table.LateRecords, FirstLate = table.FirstLate };
    }

    private static void Add(string name, ReadOnlySpan<byte> cell, FlatRecord record, FlatRecord inner)
    {
        if (name.Length == 0) return;
        if (!cell.StartsWith("{"u8) || !Objects.Contains(name) || !inner.TryRead(cell))
        {
            record.Add(name, cell);
            return;
        }

        foreach (var (field, from, length) in inner.Values) record.Add($"{name}.{field}", inner.Text(from, length));
    }

    /// <summary>Most files have no JSON at their beginning, and are not looked at any further.</summary>
    private static bool HasJson(string path)
    {
        using var bytes = PackedText.OpenBytes(path, new ConversionLimits(long.MaxValue, int.MaxValue));
        try
        {
            var start = FormatDetector.Head(bytes);
            return start.AsSpan().IndexOf("{\""u8) >= 0 || start.AsSpan().IndexOf("[]"u8) >= 0;
        }
        catch (InvalidDataException)
        {
            return false;   // whoever reads it says that it is damaged
        }
    }

    private static bool IsJson(string cell) => cell.StartsWith("[{", StringComparison.Ordinal) || cell.StartsWith("{\"", StringComparison.Ordinal) || cell == "[]";
}
