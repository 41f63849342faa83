using System.Collections.Immutable;
using System.Globalization;
using MerchantStudio.Components.Kit;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Campaigns.Delivery;
using MerchantStudio.Core.Campaigns.Messages;
using MerchantStudio.Core.Campaigns.Setup;
using MerchantStudio.Core.Outcomes;
using Microsoft.AspNetCore.Components;

namespace MerchantStudio.Components.Pages.Settings;

public sealed partial class MessagesPage
{
    private PageState _state = PageState.Loading;
    private Problem? _problem;
    private Problem? _refused;
    private Problem? _testRefused;
    private MessagingView? _view;
    private ImmutableArray<EndpointView> _endpoints = [];
    private DeliveryList? _deliveries;
    private DeliveryQuestion _question = new();
    private int _sent;
    private int _waiting;
    private int _kept;
    private bool _saving;
    private bool _testing;
    private string? _testTo;

    [Inject] public required MessagingSetup Setup { get; init; }
    [Inject] public required WebhookEndpoints Endpoints { get; init; }
    [Inject] public required DeliveryLog Log { get; init; }
    [Inject] public required Toasts Toasts { get; init; }

    private MessagingDraft Draft { get; set; } = new();

    private bool MayManage => Shop.May(Right.ManageShop);

    private Choice<MailSecurity>[] Securities => [.. Enum.GetValues<MailSecurity>().Select(security => new Choice<MailSecurity>(security, T[$"Messages.security-{security}"]))];

    private static Choice<int>[] Minutes { get; } = [.. Enumerable.Range(0, 48).Select(half => new Choice<int>(half * 30, string.Create(CultureInfo.InvariantCulture, $"{half / 2:00}:{half % 2 * 30:00}")))];

    protected override Task OnInitializedAsync() => LoadAsync();

    private async Task LoadAsync()
    {
        var scope = await ScopeAsync();
        _problem = scope.TryGet(out var actor, out var unknown) ? await LoadAsync(actor) : unknown;
        _state = _problem is null ? PageState.Ready : PageState.Problem;
    }

    private async Task<Problem?> LoadAsync(WorkspaceScope scope)
    {
        if (!(await Setup.LookAsync(scope, Leaving)).TryGet(out _view, out var problem)) return problem;
        if (!(await Endpoints.ListAsync(scope, Leaving)).TryGet(out _endpoints, out problem)) return problem;
        if (!(await Log.ListAsync(scope, _question, Leaving)).TryGet(out _deliveries, out problem)) return problem;
        if (!(await Log.CountAsync(scope, null, Leaving)).TryGet(out var counts, out problem)) return problem;
        _sent = counts.Where(count => count.State == DeliveryState.Sent).Sum(count => count.Count);
        _waiting = counts.Where(count => count.State is DeliveryState.Queued or DeliveryState.Sending).Sum(count => count.Count);
        _kept = counts.Where(count => count.State is DeliveryState.Suppressed).Sum(count => count.Count);
        Draft = MessagingDraft.Of(_view.Settings);
        return null;
    }

    /// <summary>What stands in the form and is not saved yet stays there.</summary>
    private async Task LoadEndpointsAsync()
    {
        var scope = await ScopeAsync();
        var listed = scope.TryGet(out var actor, out _refused) ? await Endpoints.ListAsync(actor, Leaving) : _refused;
        if (listed.TryGet(out var endpoints, out _refused)) _endpoints = endpoints;
    }

    private async Task SaveAsync()
    {
        _saving = true;
        try
        {
            var scope = await ScopeAsync();
            var saved = scope.TryGet(out var actor, out _refused) ? await Setup.ChangeAsync(actor, Draft.ToChange(), Leaving) : _refused;
            if (!saved.TryGet(out _, out _refused)) return;
            await LoadAsync();
            Toasts.Say(T["Settings.saved"]);
        }
        finally
        {
            _saving = false;
        }
    }

    private async Task TestAsync()
    {
        _saving = true;
        try
        {
            var scope = await ScopeAsync();
            var sent = scope.TryGet(out var actor, out _testRefused) ? await Setup.SendTestAsync(actor, _testTo, new MessageText(T["Messages.test-subject"], T["Messages.test-body"]), Leaving) : _testRefused;
            if (!sent.TryGet(out _, out _testRefused)) return;
            _testing = false;
            Toasts.Say(T["Messages.test-sent"]);
        }
        finally
        {
            _saving = false;
        }
    }

    private async Task AskAsync(DeliveryQuestion question)
    {
        _question = question;
        var scope = await ScopeAsync();
        var listed = scope.TryGet(out var actor, out _refused) ? await Log.ListAsync(actor, question, Leaving) : _refused;
        if (listed.TryGet(out var list, out _refused)) _deliveries = list;
    }
}
