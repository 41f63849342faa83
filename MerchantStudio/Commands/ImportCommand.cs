using System.Globalization;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Exports;
using MerchantStudio.Core.Ingestion;
using MerchantStudio.Core.Ingestion.Text;
using MerchantStudio.Core.Jobs;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Quality;
using MerchantStudio.Core.Shop;

namespace MerchantStudio.Commands;

/// <summary>The import wizard's steps without its questions.</summary>
internal sealed class ImportCommand : IStudioCommand
{
    private const string DefaultCurrency = "USD";
    private const string DefaultZone = "Etc/UTC";

    public string Name => "import";

    public string Usage => "--workspace W [--kind events|orders|products|customers|reviews|feedback|adspend|features] FILE [--preset P] [--part SHEET] [--mapping M.json] [--mode append|upsert|replace] [--states LIST] [--dry-run] [--force] [--drop-identical]";

    public string Summary => "Brings a file into a workspace and prints what became of its rows: CSV, Excel (.xlsx), JSON, NDJSON, Parquet or SQLite, also as .gz or .zip.";

    public async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var scope = context.Scope();
        var path = context.FullPath(context.Word(0, "The file"));
        var kind = Choice<DatasetKind>(context, "kind");
        var mode = Choice<ImportMode>(context, "mode") ?? (kind is DatasetKind.Products or DatasetKind.Customers ? ImportMode.Upsert : ImportMode.Append);
        var choices = new ImportChoices(mode, context.Arguments.Has("force"), context.Arguments.Has("drop-identical"));
        if (!File.Exists(path)) return await context.FailAsync(new ImportFileMissing(path));
        if (!(await WorkspaceAsync(context, scope, cancellationToken)).TryGet(out var made, out var impossible)) return await context.FailAsync(impossible);
        var imported = false;
        try
        {
            var code = await ImportAsync(context, scope, path, kind, choices, cancellationToken);
            imported = code == 0;
            return code;
        }
        finally
        {
            // A workspace that was made for a file which never came in goes again.
            if (made && !imported) await context.Services.GetRequiredService<WorkspaceRemoval>().RemoveAsync(scope, scope.Workspace.Value, CancellationToken.None);
        }
    }

    private static async Task<int> ImportAsync(CommandContext context, WorkspaceScope scope, string path, DatasetKind? kind, ImportChoices choices, CancellationToken cancellationToken)
    {
        var importer = context.Services.GetRequiredService<FileImporter>();
        var staged = await importer.StageFileAsync(scope, path, cancellationToken);
        if (!staged.TryGet(out var record, out var problem)) return await context.FailAsync(problem);
        var mapped = await MappingAsync(context, importer, scope, record.Id, kind, cancellationToken);
        if (!mapped.TryGet(out var mapping, out problem)) return await GiveUpAsync(context, importer, scope, record, problem);
        mapping = mapping with { OrderStates = mapping.OrderStates.SetItems(StateMeanings.Read(context.Arguments["states"])) };

        if (context.Arguments.Has("dry-run"))
        {
            var tried = await importer.TryAsync(scope, record.Id, mapping, choices, null, cancellationToken);
            await importer.DiscardAsync(scope, record.Id, CancellationToken.None);
            return tried.TryGet(out var would, out problem) ? await PrintAsync(context, scope, null, mapping, would, cancellationToken) : await context.FailAsync(problem, record.FileName);
        }

        if (!choices.Force && await importer.AlreadyHereAsync(scope, record.Id, mapping, cancellationToken) is { } here)
        {
            await importer.DiscardAsync(scope, record.Id, CancellationToken.None);
            await context.Error.WriteLineAsync($"This very file is here already as import {here.SameAsImport}; nothing was added. Use --force to import it once more.");
            return await PrintAsync(context, scope, null, mapping, here, cancellationToken);
        }

        var prepared = await importer.PrepareAsync(scope, record.Id, mapping, choices, cancellationToken);
        if (!prepared.TryGet(out var ready, out problem)) return await GiveUpAsync(context, importer, scope, record, problem);
        return await RunJobAsync(context, importer, scope, ready, mapping, cancellationToken);
    }

    private static async Task<int> RunJobAsync(CommandContext context, FileImporter importer, WorkspaceScope scope, ImportRecord record, ImportMapping mapping, CancellationToken cancellationToken)
    {
        var jobs = context.Services.GetRequiredService<JobQueue>();
        var asked = await jobs.EnqueueAsync(scope, "import", new ImportJobInput(record.Id), cancellationToken);
        if (!asked.TryGet(out var job, out var refused)) return await GiveUpAsync(context, importer, scope, record, refused);
        JobSnapshot? last = null;
        try
        {
            await foreach (var snapshot in jobs.WatchAsync(scope, job, cancellationToken))
            {
                last = snapshot;
                if (snapshot.Progress is { Fraction: { } fraction } progress)
                    await context.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{fraction:P0} {progress.Stages[0].Rows:N0} rows"));
            }
        }
        catch (OperationCanceledException)
        {
            await jobs.CancelAsync(scope, job, CancellationToken.None);
            throw;
        }

        if (last?.State == JobState.Succeeded && ImportReport.FromJson(last.ResultJson) is { } report) return await PrintAsync(context, scope, record.Number, mapping, report, cancellationToken);
        return await context.FailAsync(last?.Problem ?? new ImportStopped(record.Number), record.FileName);
    }

    private static async Task<Outcome<ImportMapping>> MappingAsync(CommandContext context, FileImporter importer, WorkspaceScope scope, Guid importId, DatasetKind? kind, CancellationToken cancellationToken)
    {
        if (context.Arguments["mapping"] is { } file)
        {
            if (!File.Exists(context.FullPath(file))) throw new CommandUsageException($"There is no mapping file '{file}'.");
            return ImportMapping.FromJson(await File.ReadAllTextAsync(context.FullPath(file), cancellationToken));
        }

        var inspected = await importer.InspectAsync(scope, importId, kind, context.Arguments["preset"], context.Arguments["part"] is { } part ? new FileReading { Part = part } : null, cancellationToken);
        if (!inspected.TryGet(out var inspection, out var problem)) return problem;
        await context.Error.WriteLineAsync(inspection.Preset is { } preset ? $"Recognised as {preset}." : $"Recognised as {inspection.Kind}, by its columns.");
        if (inspection.Shape.Part is { } read) await context.Error.WriteLineAsync($"Read of the file: {read}. It also holds: {string.Join(", ", inspection.Shape.Parts.Where(other => other != read).DefaultIfEmpty("nothing else"))}.");
        return inspection.Mapping;
    }

    private static async Task<int> PrintAsync(CommandContext context, WorkspaceScope scope, int? number, ImportMapping mapping, ImportReport report, CancellationToken cancellationToken)
    {
        var quality = await context.Services.GetRequiredService<QualityGate>().MeasureAsync(scope, cancellationToken);
        return await context.SucceedAsync(new
        {
            Import = number,
            report.Kind,
            report.Read,
            report.Accepted,
            report.Rejected,
            report.Duplicates,
            report.Updated,
            report.Unchanged,
            report.Identical,
            SameAs = report.SameAsImport,
            Seconds = Math.Round(report.Seconds, 3),
            RejectsFile = number is { } import && report.Rejected > 0 ? await RejectsAsync(context, scope, import, cancellationToken) : null,
            report.FirstAt,
            report.LastAt,
            report.Shoppers,
            report.Events,
            report.Reasons,
            report.Notes,
            States = report.States.Select(state => new { state.Word, state.Rows, Means = StateMeanings.Of(mapping, state.Word) }),
            Quality = quality.Succeeded ? new { quality.Value.Score, quality.Value.Failed } : null,
        });
    }

    private static async Task<string> RejectsAsync(CommandContext context, WorkspaceScope scope, int import, CancellationToken cancellationToken)
    {
        var folder = context.Services.GetRequiredService<StudioPaths>().WorkspaceFolder(scope.Workspace);
        var path = Path.Combine(folder, $"rejects-{import}.csv");
        await using var file = File.Create(path);
        await context.Services.GetRequiredService<TableExport>().WriteAsync(scope, new ExportQuestion(ExportWhat.Rejects, import), ExportFormat.Csv, file, cancellationToken);
        return path;
    }

    /// <returns>Whether the workspace had to be made.</returns>
    private static async Task<Outcome<bool>> WorkspaceAsync(CommandContext context, WorkspaceScope scope, CancellationToken cancellationToken)
    {
        var directory = context.Services.GetRequiredService<WorkspaceDirectory>();
        if (await directory.FindAsync(scope.Workspace, cancellationToken) is not null) return false;
        if (context.Arguments.Has("dry-run")) return new DryRunNeedsWorkspace(scope.Workspace.Value);
        var made = await directory.CreateAsync(new WorkspaceDraft(scope.Workspace.Value, DefaultCurrency, DefaultZone, scope.Workspace), Actor.CommandLine, cancellationToken);
        if (!made.TryGet(out _, out var problem)) return problem;
        await context.Error.WriteLineAsync($"There was no workspace '{scope.Workspace}': it was made with currency {DefaultCurrency} and time zone {DefaultZone}.");
        return true;
    }

    private static async Task<int> GiveUpAsync(CommandContext context, FileImporter importer, WorkspaceScope scope, ImportRecord record, Problem problem)
    {
        await importer.DiscardAsync(scope, record.Id, CancellationToken.None);
        return await context.FailAsync(problem, record.FileName);
    }

    private static T? Choice<T>(CommandContext context, string option)
        where T : struct, Enum
    {
        if (context.Arguments[option] is not { } typed) return null;
        return Enum.TryParse<T>(typed, ignoreCase: true, out var value) && Enum.IsDefined(value)
            ? value
            : throw new CommandUsageException($"'{typed}' is not known for --{option}: {string.Join(", ", Enum.GetNames<T>()).ToLowerInvariant()}.");
    }
}

internal sealed record ImportStopped(int Import)
    : Problem("import.stopped", "Import {0} was stopped before its end; nothing of it was kept.", Import);

internal sealed record ImportFileMissing(string File)
    : Problem("import.no-such-file", "There is no file {0}. Check its name and folder.", File);

internal sealed record DryRunNeedsWorkspace(string Workspace)
    : Problem("import.dry-run-needs-workspace", "There is no workspace '{0}', and a dry run makes none. Make it with 'workspace create', or import without --dry-run.", Workspace);
