using System.Collections.Immutable;
using MerchantStudio.Components.Kit;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Outcomes;
using Microsoft.AspNetCore.Components;

namespace MerchantStudio.Components.Pages.Settings;

public sealed partial class TeamPage
{
    private PageState _state = PageState.Loading;
    private Problem? _problem;
    private Problem? _refused;
    private ImmutableArray<Member> _members = [];
    private ImmutableArray<Invitation> _invitations = [];
    private Member? _departing;
    private Role _role = Role.Analyst;
    private bool _inviting;
    private string? _link;
    private string _linkTitle = "";

    [Inject] public required Team Team { get; init; }
    [Inject] public required Toasts Toasts { get; init; }

    private IReadOnlyList<Choice<Role>> Roles => [.. Enum.GetValues<Role>().OrderDescending().Select(role => new Choice<Role>(role, RoleName(role)))];

    protected override async Task OnInitializedAsync()
    {
        await ShowAsync();
        _state = _problem is null ? PageState.Ready : PageState.Problem;
    }

    private async Task ShowAsync()
    {
        var scope = await ScopeAsync();
        if (!scope.TryGet(out var actor, out _problem)) return;
        if ((await Team.MembersAsync(actor, Leaving)).TryGet(out var members, out _problem)) _members = members;
        if (_problem is null && (await Team.InvitationsAsync(actor, Leaving)).TryGet(out var invitations, out _problem)) _invitations = invitations;
    }

    private async Task InviteAsync()
    {
        _inviting = false;
        var made = await ActAsync(actor => Team.InviteAsync(actor, _role, Leaving));
        if (made is null) return;
        _linkTitle = T["Settings.link-title-invite"];
        _link = $"{Navigation.BaseUri}invite/{made}";
    }

    private async Task MakeResetLinkAsync(Member member)
    {
        var made = await ActAsync(actor => Team.ResetLinkAsync(actor, member.UserId, Leaving));
        if (made is null) return;
        _linkTitle = T["Settings.link-title-reset", member.Name];
        _link = $"{Navigation.BaseUri}reset/{made}";
    }

    private async Task ChangeRoleAsync(Member member, Role role)
    {
        await ActAsync(actor => Team.ChangeRoleAsync(actor, member.UserId, role, Leaving));
        if (_refused is null) Toasts.Say(T["Settings.role-changed", member.Name, RoleName(role)]);
    }

    private async Task RemoveAsync()
    {
        var member = _departing!;
        await ActAsync(actor => Team.RemoveAsync(actor, member.UserId, Leaving));
        if (_refused is null) Toasts.Say(T["Settings.removed", member.Name]);
    }

    private async Task WithdrawAsync(Invitation invitation)
    {
        await ActAsync(actor => Team.WithdrawAsync(actor, invitation.Id, Leaving));
        if (_refused is null) Toasts.Say(T["Settings.withdrawn"]);
    }

    private async Task<TResult?> ActAsync<TResult>(Func<WorkspaceScope, Task<Outcome<TResult>>> act)
    {
        var scope = await ScopeAsync();
        if (!scope.TryGet(out var actor, out _refused)) return default;
        var done = await act(actor);
        _refused = done.Problem;
        await ShowAsync();
        return done.Succeeded ? done.Value : default;
    }

    private string RoleName(Role role) => T[$"Settings.role-{role}"];
}
