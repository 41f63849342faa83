using System.Collections.Immutable;
using MerchantStudio.Components.Kit;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Outcomes;
using Microsoft.AspNetCore.Components;

namespace MerchantStudio.Components.Pages.Settings;

public sealed partial class KeysPage
{
    private ImmutableArray<ApiKey> _keys = [];
    private PageState _state = PageState.Loading;
    private Problem? _problem;
    private Problem? _refused;
    private Problem? _nameRefused;
    private ApiKey? _going;
    private bool _making;
    private string? _name;
    private string? _secret;
    private ApiKeyKind _kind;
    private ApiKeyKind _madeKind;

    [Inject] public required ApiKeys Keys { get; init; }
    [Inject] public required Toasts Toasts { get; init; }

    private Choice<ApiKeyKind>[] Kinds => [.. Enum.GetValues<ApiKeyKind>().Select(kind => new Choice<ApiKeyKind>(kind, T[$"Keys.kind-{kind}"]))];

    protected override Task OnInitializedAsync() => LoadAsync();

    private async Task LoadAsync()
    {
        var scope = await ScopeAsync();
        var listed = scope.TryGet(out var actor, out _problem) ? await Keys.ListAsync(actor, Leaving) : _problem;
        if (listed.TryGet(out var keys, out _problem)) _keys = keys;
        _state = _problem is not null ? PageState.Problem : _keys.IsEmpty ? PageState.Empty : PageState.Ready;
    }

    private async Task MakeAsync()
    {
        var scope = await ScopeAsync();
        var made = scope.TryGet(out var actor, out _nameRefused) ? await Keys.CreateAsync(actor, _name ?? "", _kind, null, Leaving) : _nameRefused;
        if (!made.TryGet(out var key, out _nameRefused)) return;
        (_making, _name, _secret, _madeKind) = (false, null, key.Secret, key.Key.Kind);
        await LoadAsync();
    }

    private async Task RevokeAsync()
    {
        var key = _going!;
        _going = null;
        var scope = await ScopeAsync();
        var revoked = scope.TryGet(out var actor, out _refused) ? await Keys.RevokeAsync(actor, key.Id, Leaving) : _refused;
        if (revoked.TryGet(out _, out _refused)) Toasts.Say(T["Keys.revoked", key.Name]);
        await LoadAsync();
    }

    private string State(ApiKey key) => key.RevokedAt is { } at ? T["Keys.state-revoked", Shop.Time(at)] : T["Keys.state-valid"];
}
