using MerchantStudio.Components.Kit;
using MerchantStudio.Core.Ingestion.Quotas;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Localization;
using Microsoft.AspNetCore.Components;

namespace MerchantStudio.Components.Pages.Settings;

public sealed partial class LimitsPage
{
    private const decimal Gigabyte = 1L << 30;

    /// <summary>From this share on a bar asks for attention.</summary>
    private const double NearlyFull = 0.9;

    private PageState _state = PageState.Loading;
    private Problem? _problem;
    private Problem? _refused;
    private WorkspaceRoom? _room;
    private decimal? _gigabytes;
    private decimal? _rows;
    private decimal? _uploads;
    private decimal? _files;
    private bool _saving;

    [Inject] public required WorkspaceQuotas Quotas { get; init; }
    [Inject] public required Toasts Toasts { get; init; }

    private IEnumerable<(string Label, double Share, string Figure)> Lines
    {
        get
        {
            var (limits, use) = _room!;
            yield return (T["Limits.bytes"], use.Bytes / (double)limits.MostBytes, T["Limits.of", Show.Bytes(use.Bytes), Show.Bytes(limits.MostBytes)]);
            yield return limits.MostRows is { } most
                ? (T["Limits.rows"], use.Rows / (double)most, T["Limits.of", Show.Count(use.Rows), Show.Count(most)])
                : (T["Limits.rows"], 0, T["Limits.no-limit", Show.Count(use.Rows)]);
            yield return (T["Limits.uploads"], use.Uploads / (double)limits.MostUploads, T["Limits.of", Show.Count(use.Uploads), Show.Count(limits.MostUploads)]);
            yield return (T["Limits.files"], use.Files / (double)limits.MostFiles, T["Limits.of", Show.Count(use.Files), Show.Count(limits.MostFiles)]);
        }
    }

    protected override Task OnInitializedAsync() => LoadAsync();

    private async Task LoadAsync()
    {
        var scope = await ScopeAsync();
        var looked = scope.TryGet(out var actor, out _problem) ? await Quotas.LookAsync(actor, Leaving) : _problem;
        if (looked.TryGet(out _room, out _problem))
        {
            var limits = _room.Limits;
            (_gigabytes, _rows, _uploads, _files) = (limits.MostBytes / Gigabyte, limits.MostRows, limits.MostUploads, limits.MostFiles);
        }

        _state = _problem is null ? PageState.Ready : PageState.Problem;
    }

    private async Task SaveAsync()
    {
        _saving = true;
        try
        {
            // An emptied field of those that need a figure is 0, which is refused in words.
            var wanted = new WorkspaceLimits((long)((_gigabytes ?? 0) * Gigabyte), (long?)_rows, (int)(_uploads ?? 0), (int)Math.Min(_files ?? 0, int.MaxValue));
            var scope = await ScopeAsync();
            var saved = scope.TryGet(out var actor, out _refused) ? await Quotas.ChangeAsync(actor, wanted, Leaving) : _refused;
            if (!saved.TryGet(out _, out _refused)) return;
            await LoadAsync();
            Toasts.Say(T["Settings.saved"]);
        }
        finally
        {
            _saving = false;
        }
    }
}
