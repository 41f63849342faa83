using System.Collections.Immutable;
using System.Globalization;
using MerchantStudio.Components.Kit;
using MerchantStudio.Components.Shell;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Exports;
using MerchantStudio.Core.Ingestion;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Warehouse;
using MerchantStudio.Localization;
using Microsoft.AspNetCore.Components;

namespace MerchantStudio.Components.Pages.Data;

public sealed partial class DatasetsPage : StudioPage
{
    private static readonly IReadOnlyList<Choice<ExportFormat>> Formats = [.. ExportMenu.Formats.Select(format => new Choice<ExportFormat>(format, ExportMenu.NameOf(format)))];
    private ImmutableArray<DatasetView> _sets = [];
    private ImmutableArray<ImportRecord> _imports = [];
    private ImmutableArray<JoinRate> _joins = [];
    private DatasetView? _exporting;
    private ExportFormat _format = ExportFormat.Csv;
    private bool _exportingAll;
    private PageState _state = PageState.Loading;
    private Problem? _problem;
    private DatasetView? _going;
    private bool _asking;
    private WarehouseSize? _size;
    private bool _compacting;

    [Inject] public required DatasetCatalogue Catalogue { get; init; }
    [Inject] public required FileImporter Importer { get; init; }
    [Inject] public required Toasts Toasts { get; init; }
    [Inject] public required TableExport Export { get; init; }
    [Inject] public required WorkspaceExport Everything { get; init; }
    [Inject] public required Downloads Downloads { get; init; }

    private string Extension => _format.ToString().ToLowerInvariant();

    private string? Freshness => _sets.FirstOrDefault(set => set.Kind == DatasetKind.Events)?.LastAt is { } last ? T["Datasets.last-event", Shop.Ago(last)] : null;

    protected override Task OnInitializedAsync() => LoadAsync();

    private async Task LoadAsync()
    {
        var scope = await ScopeAsync();
        var listed = scope.TryGet(out var allowed, out _problem) ? await Catalogue.ListAsync(allowed, Leaving) : _problem;
        if (listed.TryGet(out _sets, out _problem) && allowed is not null) _imports = await Importer.HistoryAsync(allowed, Leaving);
        if (allowed is not null && (await Catalogue.JoinsAsync(allowed, Leaving)).TryGet(out var joins, out _)) _joins = joins;
        if (allowed is not null && (await Catalogue.SizeAsync(allowed, Leaving)).TryGet(out var size, out _)) _size = size;
        _state = _problem is not null ? PageState.Problem : _sets.IsEmpty && _imports.IsEmpty ? PageState.Empty : PageState.Ready;
    }

    private string Span(DatasetView set) => set is { FirstAt: { } first, LastAt: { } last } ? Show.Days(Local(first), Local(last)) : "–";

    private DateOnly Local(DateTimeOffset at) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, Shop.Zone).DateTime);

    private string Name(DatasetView set) => set.Table is { } table ? T["Datasets.feature-table", table.Number, table.Label, table.Columns.Length] : T[$"Import.kind-{set.Kind}"];

    private async Task ExportAsync(DatasetView set)
    {
        _exporting = set;
        try
        {
            var what = set.Kind == DatasetKind.Features ? ExportWhat.FeatureTable : Enum.Parse<ExportWhat>(set.Kind.ToString());
            var name = set.Kind.ToString().ToLowerInvariant() + (set.Table is { } table ? $"-{table.Number.ToString(CultureInfo.InvariantCulture)}" : "");
            await DownloadAsync(
                $"{name}.{Extension}",
                async (scope, file) => (await Export.WriteAsync(scope, new ExportQuestion(what, Table: set.Table?.Number), _format, file, Leaving)).Problem);
        }
        finally
        {
            _exporting = null;
        }
    }

    private async Task ExportAllAsync()
    {
        _exportingAll = true;
        try
        {
            await DownloadAsync($"{Shop.Workspace.Id.Value}-{Extension}.zip", async (scope, file) => (await Everything.WriteAsync(scope, _format, file, Leaving)).Problem);
        }
        finally
        {
            _exportingAll = false;
        }
    }

    private async Task DownloadAsync(string name, Func<WorkspaceScope, Stream, Task<Problem?>> write)
    {
        if (!(await ScopeAsync()).TryGet(out var scope, out _problem)) return;
        var file = new FileStream(Path.GetTempFileName(), FileMode.Create, FileAccess.ReadWrite, FileShare.None, 81_920, FileOptions.DeleteOnClose | FileOptions.Asynchronous);
        _problem = await write(scope, file);
        if (_problem is not null)
        {
            await file.DisposeAsync();
            return;
        }

        file.Position = 0;
        await Downloads.SaveAsync(name, file, Leaving);
    }

    private void Ask(DatasetView set) => (_going, _asking) = (set, true);

    private async Task DeleteAsync()
    {
        var scope = await ScopeAsync();
        var deleted = scope.TryGet(out var allowed, out _problem) ? await Catalogue.DeleteAsync(allowed, _going!.Kind, _going.Table?.Number, Leaving) : _problem;
        if (deleted.TryGet(out _, out _problem)) Toasts.Say(T["Datasets.deleted"]);
        await LoadAsync();
    }

    private async Task CompactAsync()
    {
        _compacting = true;
        try
        {
            var scope = await ScopeAsync();
            var compacted = scope.TryGet(out var allowed, out _problem) ? await Catalogue.CompactAsync(allowed, Leaving) : _problem;
            if (compacted.TryGet(out var gained, out _problem)) Toasts.Say(T["Datasets.compacted", Show.Bytes(gained)]);
            if (_problem is null) await LoadAsync();
            else _state = PageState.Problem;
        }
        finally
        {
            _compacting = false;
        }
    }
}
