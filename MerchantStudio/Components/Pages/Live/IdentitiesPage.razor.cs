using System.Collections.Immutable;
using MerchantStudio.Components.Kit;
using MerchantStudio.Components.Shell;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.Features.Identities;
using MerchantStudio.Core.Outcomes;
using Microsoft.AspNetCore.Components;

namespace MerchantStudio.Components.Pages.Live;

public sealed partial class IdentitiesPage : StudioPage
{
    private const int Most = 1_000;
    private ImmutableArray<Identity> _joins = [];
    private PageState _state = PageState.Loading;
    private Problem? _problem;
    private Problem? _refusedChange;

    [Inject] public required IdentityStitcher Stitcher { get; init; }
    [Inject] public required Toasts Toasts { get; init; }

    private string? Forbidden => Shop.May(Right.ImportData) ? null : T["Import.no-right"];

    protected override Task OnInitializedAsync() => LoadAsync();

    private static bool Holds(Identity join) => join.Refused is null && join.PartedAt is null;

    private async Task LoadAsync()
    {
        var scope = await ScopeAsync();
        var listed = scope.TryGet(out var allowed, out _problem) ? await Stitcher.ListAsync(allowed, Most, Leaving) : _problem;
        if (listed.TryGet(out var joins, out _problem)) _joins = joins;
        _state = _problem is not null ? PageState.Problem : _joins.IsEmpty ? PageState.Empty : PageState.Ready;
    }

    private async Task ChangeAsync(Identity join, bool part)
    {
        var scope = await ScopeAsync();
        if (!scope.TryGet(out var actor, out _refusedChange)) return;
        var changed = part ? await Stitcher.PartAsync(actor, join.Alias, join.Customer, Leaving) : await Stitcher.JoinAgainAsync(actor, join.Alias, join.Customer, Leaving);
        if (changed.TryGet(out _, out _refusedChange)) Toasts.Say(T[part ? "Live.parted" : "Live.joined-again"]);
        await LoadAsync();
    }

    private string Name(string id) => id.Contains('@', StringComparison.Ordinal) && !Shop.May(Right.ReadContacts) ? Contacts.Mask(id) : id;

    private string State(Identity join) => join switch
    {
        { Refused: { } reason } => T[$"Live.state-{reason}"],
        { PartedAt: { } at } => T["Live.state-parted", join.PartedBy ?? "", Shop.Time(at)],
        _ => T["Live.state-joined"],
    };
}
