using System.Collections.Immutable;

namespace MerchantStudio.Core.Ingestion.Formats.Json;

/// <summary>NDJSON and JSON documents: lists of objects anywhere under named objects, or objects one after another.</summary>
internal static class JsonTable
{
    private const int LinesBetweenLooks = 10_000;

    /// <param name="open">Opens the content as UTF-8 without a byte order mark.</param>
    /// <param name="list">The list to read: "orders", "data.items"; null for the longest.</param>
    public static ReadableFile Convert(Func<Stream> open, string target, string? list, ConversionLimits limits, CancellationToken cancellationToken)
    {
        using (var first = open())
        {
            if (IsLines(first)) return Lines(open, target, limits, cancellationToken);
        }

        var (lists, rootObjects) = FindLists(open, cancellationToken);
        if (lists.IsEmpty && rootObjects == 0) throw new FileRefusedException(FormatProblems.JsonWithoutRecords());
        var names = lists.Select(found => found.Name).ToImmutableArray();
        if (list is not null && !names.Contains(list)) throw new FileRefusedException(FormatProblems.PartMissing(list, names));
        var chosen = lists.IsEmpty ? null : list ?? lists.MaxBy(found => found.Objects).Name;
        return Document(open, target, chosen, names, limits, cancellationToken);
    }

    /// <summary>Whether the first line is a whole object, and not the only one with its records inside.</summary>
    private static bool IsLines(Stream utf8)
    {
        var lines = new LineReader(utf8);
        var record = new FlatRecord();
        do
        {
            if (!lines.Read()) return false;
        }
        while (lines.Text.IsEmpty);
        if (lines.IsTooLong || !record.TryRead(lines.Text)) return false;
        if (NestedEvents.IsEvent(record)) return true;
        var hasList = record.Values.Exists(value => record.Text(value.From, value.Length).StartsWith("[{"u8));
        while (hasList && lines.Read())
        {
            if (!lines.Text.IsEmpty) return true;
        }

        return !hasList;
    }

    private static ReadableFile Lines(Func<Stream> open, string target, ConversionLimits limits, CancellationToken cancellationToken)
    {
        using var writer = new TableWriter(target, limits);
        using var content = open();
        var table = new FlatTable(writer);
        var events = new NestedEvents(table);
        var lines = new LineReader(content);
        var record = new FlatRecord();
        while (lines.Read())
        {
            if (lines.Line % LinesBetweenLooks == 0) cancellationToken.ThrowIfCancellationRequested();
            if (lines.Text.IsEmpty) continue;
            if (!lines.IsTooLong && record.TryRead(lines.Text)) events.Add(lines.Line, record, lines.Text);
            else table.Broken(lines.Line, lines.Text);
        }

        return Done(target, FileFormat.NdJson, table, writer);
    }

    private static ReadableFile Document(Func<Stream> open, string target, string? list, ImmutableArray<string> lists, ConversionLimits limits, CancellationToken cancellationToken)
    {
        using var writer = new TableWriter(target, limits);
        using var content = open();
        var table = new FlatTable(writer);
        var events = new NestedEvents(table);
        var record = new FlatRecord();
        long number = 0;
        new JsonWalker(content, rootObjects: list is null, (name, _, json) =>
        {
            if (name != (list ?? "")) return;
            number++;
            if (number % LinesBetweenLooks == 0) cancellationToken.ThrowIfCancellationRequested();
            if (record.TryRead(json)) events.Add(number, record, json);
            else table.Broken(number, json);
        }).Walk(cancellationToken);
        return Done(target, FileFormat.Json, table, writer) with { Parts = lists.Length > 1 ? lists : [], Part = lists.Length > 1 ? list : null };
    }

    private static ReadableFile Done(string target, FileFormat format, FlatTable table, TableWriter writer)
    {
        table.Complete();
        return new ReadableFile(target, format, Numbered: true)
        {
            NamesColumns = true,
            Records = writer.Records,
            LateFields = table.LateFields,
            LateRecords = table.LateRecords,
            FirstLate = table.FirstLate,
        };
    }

    /// <summary>Lists that hold objects, with how many; and the objects of the top level.</summary>
    private static (ImmutableArray<(string Name, long Objects)> Lists, long RootObjects) FindLists(Func<Stream> open, CancellationToken cancellationToken)
    {
        const int mostLists = 1_000;
        var lists = new Dictionary<string, long>(StringComparer.Ordinal);
        using (var content = open())
        {
            new JsonWalker(content, rootObjects: false, (name, _, json) =>
            {
                if (json[0] == (byte)'{' && (lists.Count < mostLists || lists.ContainsKey(name))) lists[name] = lists.GetValueOrDefault(name) + 1;
            }).Walk(cancellationToken);
        }

        if (lists.Count > 0) return ([.. lists.Select(found => (found.Key, found.Value))], 0);
        long objects = 0;
        using (var content = open())
        {
            new JsonWalker(content, rootObjects: true, (_, _, json) => objects += json[0] == (byte)'{' ? 1 : 0).Walk(cancellationToken);
        }

        return ([], objects);
    }
}
