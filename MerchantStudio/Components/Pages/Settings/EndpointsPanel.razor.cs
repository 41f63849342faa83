using System.Collections.Immutable;
using MerchantStudio.Components.Kit;
using MerchantStudio.Components.Shell;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.Campaigns.Setup;
using MerchantStudio.Core.Outcomes;
using Microsoft.AspNetCore.Components;

namespace MerchantStudio.Components.Pages.Settings;

public sealed partial class EndpointsPanel
{
    private bool _adding;
    private string? _name;
    private string? _url;
    private Problem? _addRefused;
    private Problem? _refused;
    private NewEndpointSecret? _secret;
    private EndpointView? _going;

    [Inject] public required WebhookEndpoints Webhooks { get; init; }
    [Inject] public required Toasts Toasts { get; init; }

    [Parameter, EditorRequired] public ImmutableArray<EndpointView> Endpoints { get; set; }
    [Parameter] public bool MayManage { get; set; }
    [Parameter, EditorRequired] public required EventCallback OnChanged { get; set; }

    /// <summary>The person's scope as it stands at each action.</summary>
    [Parameter, EditorRequired] public required Func<Task<Outcome<WorkspaceScope>>> ScopeOf { get; set; }
    [Parameter, EditorRequired] public required ShopView Shop { get; set; }

    private string State(EndpointView row) =>
        row.DisabledAt is { } at ? T["Messages.state-off", Shop.Time(at)] : row.FailingSince is { } since ? T["Messages.state-failing", Shop.Ago(since)] : T["Messages.state-works"];

    private static Tone ToneOf(EndpointView row) => row.DisabledAt is not null ? Tone.Bad : row.FailingSince is not null ? Tone.Attention : Tone.Good;

    private async Task AddAsync()
    {
        var added = (await ScopeOf()).TryGet(out var actor, out _addRefused) ? await Webhooks.AddAsync(actor, _name, _url, CancellationToken.None) : _addRefused;
        if (!added.TryGet(out _secret, out _addRefused)) return;
        (_adding, _name, _url) = (false, null, null);
        await OnChanged.InvokeAsync();
    }

    private async Task RotateAsync(EndpointView row)
    {
        var changed = (await ScopeOf()).TryGet(out var actor, out _refused) ? await Webhooks.RotateAsync(actor, row.Id, CancellationToken.None) : _refused;
        if (changed.TryGet(out _secret, out _refused)) await OnChanged.InvokeAsync();
    }

    private async Task RemoveAsync()
    {
        var row = _going!;
        _going = null;
        await ActAsync(actor => Webhooks.RemoveAsync(actor, row.Id, CancellationToken.None), T["Messages.removed", row.Name]);
    }

    private async Task ActAsync(Func<WorkspaceScope, Task<Outcome<Done>>> act, string done)
    {
        var ended = (await ScopeOf()).TryGet(out var actor, out _refused) ? await act(actor) : _refused;
        if (ended.TryGet(out _, out _refused)) Toasts.Say(done);
        await OnChanged.InvokeAsync();
    }
}
