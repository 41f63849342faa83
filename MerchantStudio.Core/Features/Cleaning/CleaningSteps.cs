using System.Collections.Immutable;
using System.Globalization;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Exports;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Warehouse;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Features.Cleaning;

/// <summary>A shop's cleaning steps: read, tried out before a run, saved, and the rows that they touch as a file.</summary>
public sealed class CleaningSteps(WarehouseRegistry warehouses, WorkspaceDirectory workspaces, IDbContextFactory<StudioDb> contexts, AuditTrail audit, IContactProtector contacts, TimeProvider clock)
{
    private const int MostPatterns = 500;
    private const int LongestPattern = 200;

    private const string TouchedSql = $"""
        select m.step, e.import_id, e.source_line, e.user_id, e.ts, e.event_type, e.item_id, e.order_id, e.price, e.quantity, e.currency
        from events e join (select row_no, step from {CleaningSql.LeftOut} union all select row_no, step from {CleaningSql.Relabelled}) m on m.row_no = e.rowid
        order by e.import_id, e.source_line, m.step
        """;

    public async Task<Outcome<CleaningSettings>> ReadAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.ReadFigures) is { } refusal) return refusal;
        var shop = await workspaces.FindAsync(scope.Workspace, cancellationToken).ConfigureAwait(false);
        return shop is null ? new AccessRefused(Right.ReadFigures) : CleaningSettings.Of(shop);
    }

    /// <summary>What a run with these settings would leave out, and what the steps that are off would match. Nothing is written.</summary>
    public async Task<Outcome<CleaningReport>> PreviewAsync(WorkspaceScope scope, CleaningSettings settings, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(settings);
        if (scope.Refusal(Right.ReadFigures) is { } refusal) return refusal;
        var warehouse = await warehouses.OpenAsync(scope.Workspace, cancellationToken).ConfigureAwait(false);
        var session = await warehouse.BeginAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = session.ConfigureAwait(false);
        return await EventCleaner.MeasureAsync(session, Hashed(settings), clock.GetUtcNow(), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Keeps the settings; they hold from the next run on.</summary>
    public async Task<Outcome<CleaningSettings>> SaveAsync(WorkspaceScope scope, CleaningSettings settings, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(settings);
        if (scope.Refusal(Right.ManageModels) is { } refusal) return refusal;
        if (Fault(settings) is { } problem) return problem;
        var db = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        var shop = await db.Workspaces.SingleAsync(row => row.Id == scope.Workspace, cancellationToken).ConfigureAwait(false);
        var before = CleaningSettings.Of(shop);
        shop.SettingsJson = Hashed(Tidy(settings)).IntoSettings(shop.SettingsJson);
        var after = CleaningSettings.Of(shop);
        var changed = Facts(before).Zip(Facts(after)).Where(pair => pair.First != pair.Second).ToList();
        if (changed.Count > 0)
            audit.Add(db, scope.Workspace, scope.Actor, new AuditFact("cleaning.changed", shop.Name, string.Join("; ", changed.Select(pair => pair.First)), string.Join("; ", changed.Select(pair => pair.Second))));
        await db.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        return after;
    }

    /// <summary>Writes a CSV line for each row that the steps touch: which step and why, the file's line, and what the row says.</summary>
    /// <param name="stepKey">Null for all steps that are on.</param>
    /// <param name="word">The text of a key: "step.duplicates.name", or a column like "touched.line".</param>
    /// <returns>Lines written.</returns>
    public async Task<Outcome<long>> WriteTouchedAsync(WorkspaceScope scope, CleaningSettings settings, string? stepKey, Func<string, string> word, Stream target, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(word);
        if (scope.Refusal(Right.ExportRows) is { } refusal) return refusal;
        if (await workspaces.FindAsync(scope.Workspace, cancellationToken).ConfigureAwait(false) is not { } shop) return new AccessRefused(Right.ExportRows);
        var files = await FilesAsync(scope, cancellationToken).ConfigureAwait(false);
        var warehouse = await warehouses.OpenAsync(scope.Workspace, cancellationToken).ConfigureAwait(false);
        var session = await warehouse.BeginAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = session.ConfigureAwait(false);
        await EventCleaner.MarkAsync(session, Hashed(settings), clock.GetUtcNow(), all: false, cancellationToken).ConfigureAwait(false);
        var csv = new CsvExport(target, TimeZoneInfo.FindSystemTimeZoneById(shop.TimeZone));
        string[] columns = ["step", "reason", "file", "line", "shopper", "time", "event", "product", "order", "price", "quantity", "currency"];
        await csv.RowAsync(columns.Select(column => word($"touched.{column}")), cancellationToken).ConfigureAwait(false);
        long written = 0;
        await foreach (var batch in session.StreamAsync(TouchedSql, [], cancellationToken).ConfigureAwait(false))
        {
            for (var row = 0; row < batch.Rows; row++)
            {
                var step = batch.Text(0, row)!;
                if (stepKey is not null && step != stepKey) continue;
                written++;
                csv.Text(word($"step.{step}.name")).Text(word($"step.{step}.about"))
                    .Text(batch.IsNull(1, row) ? null : files.GetValueOrDefault((int)batch.Longs(1)[row])).Number(batch.IsNull(2, row) ? null : batch.Longs(2)[row])
                    .Text(batch.Text(3, row)).Instant(batch.IsNull(4, row) ? null : Instant(batch.Longs(4)[row])).Text(batch.Text(5, row)).Text(batch.Text(6, row)).Text(batch.Text(7, row))
                    .Number(batch.IsNull(8, row) ? null : (decimal)batch.Double(8, row), 4).Number(batch.IsNull(9, row) ? null : batch.Longs(9)[row]).Text(batch.Text(10, row));
                await csv.EndRowAsync(cancellationToken).ConfigureAwait(false);
            }
        }

        await csv.FlushAsync(cancellationToken).ConfigureAwait(false);
        return written;
    }

    private static DateTimeOffset Instant(long microseconds) => DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond);

    private static Problem? Fault(CleaningSettings settings)
    {
        foreach (var step in CleaningStep.All)
        {
            if (step.Limit is { } limit && (double.IsNaN(settings.LimitOf(step)) || settings.LimitOf(step) < limit.Least || settings.LimitOf(step) > limit.Most)) return new CleaningLimitInvalid(limit.Least, limit.Most);
        }

        var patterns = settings.Internal.Concat(settings.Tests).Select(pattern => pattern.Trim()).Where(pattern => pattern.Length > 0).ToList();
        if (patterns.Count > MostPatterns) return new TooManyPatterns(MostPatterns);
        return patterns.Find(pattern => pattern.Length > LongestPattern || pattern.All(letter => letter == '*')) is { } wrong ? new PatternInvalid(wrong.Length > 40 ? wrong[..40] : wrong) : null;
    }

    private static CleaningSettings Tidy(CleaningSettings settings) => settings with
    {
        Switched = settings.Switched.Where(pair => CleaningStep.All.Any(step => step.Key == pair.Key && step.OnByDefault != pair.Value)).ToImmutableDictionary(),
        Limits = settings.Limits.Where(pair => CleaningStep.All.Any(step => step.Key == pair.Key && step.Limit is { } limit && limit.Default != pair.Value)).ToImmutableDictionary(),
        Order = settings.Steps.Select(step => step.Key).SequenceEqual(CleaningStep.All.Select(step => step.Key)) ? [] : [.. settings.Steps.Select(step => step.Key)],
        Internal = Distinct(settings.Internal),
        Tests = Distinct(settings.Tests),
    };

    private static ImmutableArray<string> Distinct(ImmutableArray<string> patterns) =>
        [.. patterns.Select(pattern => pattern.Trim()).Where(pattern => pattern.Length > 0).Distinct(StringComparer.OrdinalIgnoreCase)];

    /// <summary>Plain addresses are looked for among the customers by their keyed hash, as imports write it.</summary>
    private CleaningSettings Hashed(CleaningSettings settings) => settings with { InternalHashes = Hashes(settings.Internal), TestHashes = Hashes(settings.Tests) };

    private ImmutableArray<string> Hashes(ImmutableArray<string> patterns) =>
        [.. patterns.Select(pattern => pattern.Trim()).Where(pattern => pattern.Contains('@', StringComparison.Ordinal) && !pattern.Contains('*', StringComparison.Ordinal)).Select(address => contacts.Hash(address.ToLowerInvariant()))];

    /// <summary>Each setting as one short text without personal data.</summary>
    private static IEnumerable<string> Facts(CleaningSettings settings) =>
    [
        .. CleaningStep.All.Select(step => $"{step.Key} {(settings.IsOn(step) ? "on" : "off")}{(step.Limit is null ? "" : string.Create(CultureInfo.InvariantCulture, $" {settings.LimitOf(step)}"))}"),
        "order: " + string.Join(", ", settings.Steps.Select(step => step.Key)),
        string.Create(CultureInfo.InvariantCulture, $"own people: {settings.Internal.Length} entries, {Mark(settings.Internal)}"),
        string.Create(CultureInfo.InvariantCulture, $"tests: {settings.Tests.Length} entries, {Mark(settings.Tests)}"),
    ];

    /// <summary>Tells one list from another without saying what is in it.</summary>
    private static string Mark(ImmutableArray<string> patterns) =>
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(string.Join('\n', patterns))))[..8];

    private async Task<Dictionary<int, string>> FilesAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        var db = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        return await db.Imports.AsNoTracking().Where(import => import.WorkspaceId == scope.Workspace).ToDictionaryAsync(import => import.Number, import => import.FileName, cancellationToken).ConfigureAwait(false);
    }
}

public sealed record CleaningLimitInvalid(double Least, double Most)
    : Problem("cleaning.limit-invalid", "This figure goes from {0} to {1}.", Least, Most);

public sealed record TooManyPatterns(int Most)
    : Problem("cleaning.too-many-patterns", "The lists may hold {0} entries together. Use * for any letters to say more with fewer.", Most);

public sealed record PatternInvalid(string Pattern)
    : Problem("cleaning.pattern-invalid", "'{0}' would leave out everybody or is longer than 200 letters. Write an id or an address, with * for any letters.", Pattern);
