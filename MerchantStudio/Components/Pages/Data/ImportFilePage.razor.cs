using MerchantStudio.Components.Kit;
using MerchantStudio.Components.Shell;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Ingestion;
using MerchantStudio.Core.Jobs;
using MerchantStudio.Core.Outcomes;
using Microsoft.AspNetCore.Components;

namespace MerchantStudio.Components.Pages.Data;

public sealed partial class ImportFilePage : StudioPage
{
    private ImportRecord? _record;
    private Problem? _problem;
    private Guid _loaded;
    private bool _atWork;

    [Parameter] public Guid ImportId { get; set; }

    [Inject] public required FileImporter Importer { get; init; }

    [Inject] public required JobQueue Jobs { get; init; }

    private IReadOnlyList<Crumb> Way => [new(T["Shell.data"]), new(T["Shell.data-import"], Link("data/import"))];

    protected override async Task OnParametersSetAsync()
    {
        if (ImportId == _loaded) return;
        _loaded = ImportId;
        await LoadAsync();
    }

    private async Task LoadAsync()
    {
        var scope = await ScopeAsync();
        if (!scope.TryGet(out var allowed, out _problem)) return;
        _record = await Importer.FindAsync(allowed, ImportId, Leaving);
        if (_record is null) _problem = new ImportNotFound();
        // A job that was cancelled while it waited leaves the file staged, ready to be started again.
        _atWork = _record?.JobId is { } job && await Jobs.FindAsync(allowed, job, Leaving) is { IsFinished: false };
    }
}

public sealed record ImportNotFound()
    : Problem("import.unknown", "This import is no longer there. Upload the file again.");
