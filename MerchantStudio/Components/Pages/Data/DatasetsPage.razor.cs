using System.Collections.Immutable;
using MerchantStudio.Components.Kit;
using MerchantStudio.Components.Shell;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Ingestion;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Localization;
using Microsoft.AspNetCore.Components;

namespace MerchantStudio.Components.Pages.Data;

public sealed partial class DatasetsPage : StudioPage
{
    private ImmutableArray<DatasetView> _sets = [];
    private ImmutableArray<ImportRecord> _imports = [];
    private PageState _state = PageState.Loading;
    private Problem? _problem;
    private DatasetView? _going;
    private bool _asking;

    [Inject] public required DatasetCatalogue Catalogue { get; init; }
    [Inject] public required FileImporter Importer { get; init; }
    [Inject] public required Toasts Toasts { get; init; }

    private string? Freshness => _sets.FirstOrDefault(set => set.Kind == DatasetKind.Events)?.LastAt is { } last ? T["Datasets.last-event", Shop.Ago(last)] : null;

    protected override Task OnInitializedAsync() => LoadAsync();

    private async Task LoadAsync()
    {
        var scope = await ScopeAsync();
        var listed = scope.TryGet(out var allowed, out _problem) ? await Catalogue.ListAsync(allowed, Leaving) : _problem;
        if (listed.TryGet(out _sets, out _problem) && allowed is not null) _imports = await Importer.HistoryAsync(allowed, Leaving);
        _state = _problem is not null ? PageState.Problem : _sets.IsEmpty && _imports.IsEmpty ? PageState.Empty : PageState.Ready;
    }

    private string Span(DatasetView set) => set is { FirstAt: { } first, LastAt: { } last } ? Show.Days(Local(first), Local(last)) : "–";

    private DateOnly Local(DateTimeOffset at) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, Shop.Zone).DateTime);

    private void Ask(DatasetView set) => (_going, _asking) = (set, true);

    private async Task DeleteAsync()
    {
        var scope = await ScopeAsync();
        var deleted = scope.TryGet(out var allowed, out _problem) ? await Catalogue.DeleteAsync(allowed, _going!.Kind, _going.Table?.Number, Leaving) : _problem;
        if (deleted.TryGet(out _, out _problem)) Toasts.Say(T["Datasets.deleted"]);
        await LoadAsync();
    }
}
