using System.Globalization;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Exports;
using MerchantStudio.Core.Insights.Segments;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Promotions;

namespace MerchantStudio.Commands;

internal sealed class ExportCommand : IStudioCommand
{
    public string Name => "export";

    public string Usage => "--workspace W --what everything|events|orders|products|customers|feedback|adspend|rejects|segments|scores|features|reviews|codes [--import I] [--segment S] [--rule R] [--period A..B] [--format csv|json|parquet] [--out FILE]";

    public string Summary => "Writes rows as a file; without --out to standard output. Everything goes into a ZIP archive, a file a table.";

    public async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var format = Choice<ExportFormat>("format", context.Arguments["format"] ?? "csv");
        var file = context.Arguments["out"] is { } path ? context.FullPath(path) : null;
        if (context.Required("what") == "everything" && file is null) throw new CommandUsageException("An archive is not text: name a file with --out.");
        if (format == ExportFormat.Parquet && file is null) throw new CommandUsageException("Parquet is not text: name a file with --out.");
        if (!(await context.KnownScopeAsync(cancellationToken)).TryGet(out var scope, out var unknown)) return await context.FailAsync(unknown);

        var written = await WriteAsync(context, scope, format, file, cancellationToken);
        if (!written.TryGet(out var rows, out var problem)) return await context.FailAsync(problem);
        return file is null ? 0 : await context.SucceedAsync(new { Rows = rows, File = file });
    }

    /// <summary>A file appears whole or not at all.</summary>
    private static async Task<Outcome<long>> WriteAsync(CommandContext context, WorkspaceScope scope, ExportFormat format, string? file, CancellationToken cancellationToken)
    {
        if (file is null)
        {
            await using var text = new TextWriterStream(context.Out);
            return await WriteAsync(context, scope, format, text, cancellationToken);
        }

        var half = file + ".part";
        try
        {
            Outcome<long> written;
            await using (var stream = File.Create(half)) written = await WriteAsync(context, scope, format, stream, cancellationToken);
            if (written.Succeeded) File.Move(half, file, overwrite: true);
            return written;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return new ExportNotWritable(file, fault.Message);
        }
        finally
        {
            if (File.Exists(half)) File.Delete(half);
        }
    }

    private static async Task<Outcome<long>> WriteAsync(CommandContext context, WorkspaceScope scope, ExportFormat format, Stream target, CancellationToken cancellationToken)
    {
        var what = context.Required("what");
        if (what == "everything")
        {
            var all = await context.Services.GetRequiredService<WorkspaceExport>().WriteAsync(scope, format, target, cancellationToken);
            return all.TryGet(out var tables, out var refused) ? tables.Sum(table => table.Rows) : refused;
        }

        if (what == "segments" && context.Arguments["segment"] is { } segment && !ConditionCatalog.RfmGroups.Contains(segment)) return await WriteSegmentAsync(context, scope, segment, format, target, cancellationToken);
        if (what != "codes") return await context.Services.GetRequiredService<TableExport>().WriteAsync(scope, Question(context, what), format, target, cancellationToken);
        Guid? rule = context.Arguments["rule"] is { } typed ? Guid.TryParse(typed, out var id) ? id : throw new CommandUsageException($"'{typed}' is not a rule's id.") : null;
        var codes = await context.Services.GetRequiredService<CodeExports>().WriteAsync(
            scope, new CodeQuestion(rule), CodeExports.Columns, (offer, currency) => RuleSentence.Offer(offer, new SentenceStyle(CultureInfo.InvariantCulture, currency, key => key)), format, target, cancellationToken);
        return codes.TryGet(out var rows, out var problem) ? rows : problem;
    }

    /// <summary>One segment's members by its key ("cluster:2", "rfm8:important_keep", "saved:…") or by the name of a saved one.</summary>
    private static async Task<Outcome<long>> WriteSegmentAsync(CommandContext context, WorkspaceScope scope, string segment, ExportFormat format, Stream target, CancellationToken cancellationToken)
    {
        var segmentation = context.Services.GetRequiredService<Segmentation>();
        var key = segment;
        if (!segment.Contains(':', StringComparison.Ordinal))
        {
            if (!(await segmentation.ListAsync(scope, cancellationToken)).TryGet(out var saved, out var refused)) return refused;
            if (saved.FirstOrDefault(one => one.Name == segment) is not { } found) return new ConditionSegmentUnknown(segment);
            key = found.Key;
        }

        var written = await segmentation.ExportAsync(scope, new InSegment([key]), Segmentation.MemberColumns, name => name, format, target, cancellationToken);
        return written.TryGet(out var rows, out var problem) ? rows : problem;
    }

    private static ExportQuestion Question(CommandContext context, string what)
    {
        int? import = null;
        if (context.Arguments["import"] is { } number)
            import = int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) ? parsed : throw new CommandUsageException($"'{number}' is not an import's number.");
        var (from, to) = Period(context.Arguments["period"]);
        return new ExportQuestion(Choice<ExportWhat>("what", what), import, context.Arguments["segment"], from, to);
    }

    private static (DateOnly? From, DateOnly? To) Period(string? typed)
    {
        if (typed is null) return (null, null);
        var ends = typed.Split("..");
        if (ends.Length == 2 && DateOnly.TryParseExact(ends[0], "yyyy-MM-dd", out var from) && DateOnly.TryParseExact(ends[1], "yyyy-MM-dd", out var to)) return (from, to);
        throw new CommandUsageException($"'{typed}' is not a period like 2026-01-01..2026-01-31.");
    }

    private static T Choice<T>(string option, string typed)
        where T : struct, Enum =>
        Enum.TryParse<T>(typed, ignoreCase: true, out var value) && Enum.IsDefined(value)
            ? value
            : throw new CommandUsageException($"'{typed}' is not known for --{option}: {string.Join(", ", Enum.GetNames<T>()).ToLowerInvariant()}.");
}

internal sealed record ExportNotWritable(string File, string Why)
    : Problem("export.not-writable", "{0} cannot be written: {1} Name another file with --out.", File, Why);
