using MerchantStudio.Components.Kit;
using MerchantStudio.Components.Shell;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.Live;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Shop;
using MerchantStudio.Localization;
using Microsoft.AspNetCore.Components;

namespace MerchantStudio.Components.Pages.Live;

public sealed partial class LivePage : StudioPage
{
    private readonly ReaderLanguage _language = new();
    private LiveView? _view;
    private PageState _state = PageState.Loading;
    private Problem? _problem;
    private bool _reading;
    private bool _again;

    [Inject] public required LiveFigures Figures { get; init; }
    [Inject] public required LiveIntake Intake { get; init; }
    [Inject] public required TimeProvider Clock { get; init; }

    protected override async Task OnInitializedAsync()
    {
        Intake.Changed += Changed;
        await LoadAsync();
    }

    protected override void Dispose(bool disposing)
    {
        Intake.Changed -= Changed;
        base.Dispose(disposing);
    }

    /// <summary>The mover says when something came; what comes while the page reads is read once more afterwards.</summary>
    private void Changed(WorkspaceId workspace)
    {
        if (workspace != WorkspaceId) return;
        _ = InvokeAsync(async () =>
        {
            _language.Speak();
            _again = true;
            if (_reading || Leaving.IsCancellationRequested) return;
            while (_again) await LoadAsync();
            StateHasChanged();
        });
    }

    private async Task LoadAsync()
    {
        (_reading, _again) = (true, false);
        try
        {
            var scope = await ScopeAsync();
            var read = scope.TryGet(out var allowed, out _problem) ? await Figures.ReadAsync(allowed, Leaving) : _problem;
            if (read.TryGet(out var view, out _problem)) _view = view;
            _state = _problem is not null ? PageState.Problem : _view!.IsEmpty ? PageState.Empty : PageState.Ready;
        }
        catch (OperationCanceledException) when (Leaving.IsCancellationRequested)
        {
            // The page was left while it was reading.
        }
        finally
        {
            _reading = false;
        }
    }

    private string Ago(DateTimeOffset at) => Show.Ago(at, Clock.GetUtcNow());

    private string? Shopper(LiveSeen row) => row.Shopper is { } id && id.Contains('@', StringComparison.Ordinal) && !Shop.May(Right.ReadContacts) ? Contacts.Mask(id) : row.Shopper;

    private string? What(LiveSeen row) => row.SearchQuery is { } words ? T["Live.searched", words] : string.Join(" · ", new[] { row.ItemName ?? row.ItemId, row.OrderId is { } order ? T["Live.order", order] : null }.Where(part => part is not null));

    private Money? Worth(LiveSeen row) => row.Price is { } price ? Money.Of(price * (row.Quantity ?? 1), row.Currency is { Length: 3 } currency ? currency : Shop.Currency) : null;
}
