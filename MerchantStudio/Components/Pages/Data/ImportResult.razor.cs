using MerchantStudio.Components.Kit;
using MerchantStudio.Components.Shell;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Exports;
using MerchantStudio.Core.Ingestion;
using MerchantStudio.Core.Jobs;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Pipeline;
using MerchantStudio.Localization;
using Microsoft.AspNetCore.Components;

namespace MerchantStudio.Components.Pages.Data;

public sealed partial class ImportResult : StudioPage
{
    private Problem? _problem;
    private Problem? _why;
    private bool _asking;
    private bool _starting;
    private bool _downloading;
    private bool _answered;

    [Parameter, EditorRequired] public required ImportRecord Record { get; set; }
    [Parameter, EditorRequired] public required IReadOnlyList<Crumb> Way { get; set; }
    [Parameter] public EventCallback OnChanged { get; set; }
    [Inject] public required FileImporter Importer { get; init; }
    [Inject] public required TableExport Export { get; init; }
    [Inject] public required JobQueue Jobs { get; init; }
    [Inject] public required ShopSettings Settings { get; init; }
    [Inject] public required Downloads Downloads { get; init; }
    [Inject] public required Toasts Toasts { get; init; }

    private ImportReport? Report => Record.State == ImportState.Complete ? ImportReport.FromJson(Record.ReportJson) : null;

    private string Second => Record.State switch
    {
        ImportState.Complete when Record.Rejected == 0 => T["Import.all-read"],
        ImportState.Complete => T["Import.some-set-aside", Show.Count(Record.Rejected)],
        _ => T[$"Import.end-{Record.State}-about"],
    };

    /// <summary>The stored sentence is finished, so its braces are no placeholders.</summary>
    /// <summary>Share of the rows set aside; a few in a large file keep a second decimal.</summary>
    private static string Aside(ImportReport report) => report.Rejected / (double)report.Read is var share && share < 0.001 ? Show.Percent(share, 2) : Show.Percent(share);

    private string Escaped => (Record.ProblemMessage ?? "").Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal);

    /// <summary>The job keeps the figures of the sentence as well, so that it can be said in any language.</summary>
    protected override async Task OnParametersSetAsync()
    {
        if (Record is not { State: ImportState.Failed, JobId: { } job } || !(await ScopeAsync()).TryGet(out var scope, out _)) return;
        _why = (await Jobs.FindAsync(scope, job, Leaving))?.Problem;
    }

    private async Task RunAsync()
    {
        _starting = true;
        var scope = await ScopeAsync();
        var asked = scope.TryGet(out var allowed, out _problem) ? await Jobs.EnqueueAsync(allowed, "pipeline", new PipelineJobInput(), Leaving) : _problem;
        _starting = false;
        if (asked.TryGet(out _, out _problem)) Navigation.NavigateTo(Link("runs"));
    }

    private async Task AnswerAsync(bool run)
    {
        var scope = await ScopeAsync();
        var answered = scope.TryGet(out var allowed, out _problem) ? await Settings.AnswerRunAfterImportAsync(allowed, run, Leaving) : _problem;
        if (!answered.TryGet(out _, out _problem)) return;
        _answered = true;
        Toasts.Say(T[run ? "Import.asked-yes" : "Import.asked-no"]);
    }

    private async Task UndoAsync()
    {
        var scope = await ScopeAsync();
        var undone = scope.TryGet(out var allowed, out _problem) ? await Importer.UndoAsync(allowed, Record.Id, Leaving) : _problem;
        if (!undone.TryGet(out _, out _problem)) return;
        Toasts.Say(T["Import.undone"]);
        await OnChanged.InvokeAsync();
    }

    private async Task DownloadAsync(ExportFormat format)
    {
        _downloading = true;
        try
        {
            if (!(await ScopeAsync()).TryGet(out var scope, out _problem)) return;
            var file = new MemoryStream();
            var written = await Export.WriteAsync(scope, new ExportQuestion(ExportWhat.Rejects, Record.Number), format, file, Leaving);
            if (!written.TryGet(out _, out _problem)) return;
            file.Position = 0;
            await Downloads.SaveAsync($"rejects-{Record.Number}.{ExportMenu.ExtensionOf(format)}", file, Leaving);
        }
        finally
        {
            _downloading = false;
        }
    }
}
