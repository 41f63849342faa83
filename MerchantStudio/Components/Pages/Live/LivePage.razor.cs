using System.Collections.Frozen;
using System.Collections.Immutable;
using MerchantStudio.Components.Kit;
using MerchantStudio.Components.Shell;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.Live;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Pipeline.Serving;
using MerchantStudio.Core.Shop;
using MerchantStudio.Localization;
using Microsoft.AspNetCore.Components;

namespace MerchantStudio.Components.Pages.Live;

public sealed partial class LivePage : StudioPage
{
    private readonly ReaderLanguage _language = new();
    private LiveView? _view;
    private ImmutableDictionary<long, VisitChance> _visits = ImmutableDictionary<long, VisitChance>.Empty;   // by the line of a visit's last event
    private PageState _state = PageState.Loading;
    private Problem? _problem;
    private bool _reading;
    private bool _again;

    [Inject] public required LiveFigures Figures { get; init; }
    [Inject] public required LiveIntake Intake { get; init; }
    [Inject] public required LiveScores Scores { get; init; }
    [Inject] public required TimeProvider Clock { get; init; }

    protected override async Task OnInitializedAsync()
    {
        Intake.Changed += Changed;
        Scores.Changed += Changed;
        await LoadAsync();
    }

    protected override void Dispose(bool disposing)
    {
        Intake.Changed -= Changed;
        Scores.Changed -= Changed;
        base.Dispose(disposing);
    }

    /// <summary>The mover says when something came, and the scores when they have taken it in; what comes while the page reads is read once more afterwards.</summary>
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
            if (view is null) return;
            StateHasChanged();   // a shop that is not in memory takes a while to answer
            _visits = Visits(view, (await Scores.VisitsAsync(allowed!, view.Recent.Select(row => row.Shopper).OfType<string>(), Leaving)).TryGet(out var chances, out _) ? chances : FrozenDictionary<string, VisitChance>.Empty);
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

    /// <summary>Each shopper's last event, where the chance of her visit has taken it in.</summary>
    private static ImmutableDictionary<long, VisitChance> Visits(LiveView view, FrozenDictionary<string, VisitChance> chances) =>
        view.Recent.Where(row => row.Shopper is not null).DistinctBy(row => row.Shopper).Where(row => chances.TryGetValue(row.Shopper!, out var visit) && visit.LastAt >= row.At).ToImmutableDictionary(row => row.Line, row => chances[row.Shopper!]);

    private VisitChance? Visit(LiveSeen row) => _visits.GetValueOrDefault(row.Line);

    private string Ago(DateTimeOffset at) => Show.Ago(at, Clock.GetUtcNow());

    private string? Shopper(LiveSeen row) => row.Shopper is { } id && id.Contains('@', StringComparison.Ordinal) && !Shop.May(Right.ReadContacts) ? Contacts.Mask(id) : row.Shopper;

    private string? What(LiveSeen row) => row.SearchQuery is { } words ? T["Live.searched", words] : string.Join(" · ", new[] { row.ItemName ?? row.ItemId, row.OrderId is { } order ? T["Live.order", order] : null }.Where(part => part is not null));

    private Money? Worth(LiveSeen row) => row.Price is { } price ? Money.Of(price * (row.Quantity ?? 1), row.Currency is { Length: 3 } currency ? currency : Shop.Currency) : null;
}
