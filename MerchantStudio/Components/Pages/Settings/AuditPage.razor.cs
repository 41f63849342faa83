using System.Collections.Immutable;
using MerchantStudio.Components.Kit;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Outcomes;
using Microsoft.AspNetCore.Components;

namespace MerchantStudio.Components.Pages.Settings;

public sealed partial class AuditPage
{
    private const int Most = 5_000;
    private PageState _state = PageState.Loading;
    private Problem? _problem;
    private ImmutableArray<AuditEntry> _entries = [];

    [Inject] public required AuditTrail Audit { get; init; }

    protected override async Task OnInitializedAsync()
    {
        var scope = await ScopeAsync();
        if (scope.TryGet(out var actor, out _problem) && (await Audit.ReadAsync(actor, Most, Leaving)).TryGet(out var entries, out _problem)) _entries = entries;
        _state = _problem is not null ? PageState.Problem : _entries.IsEmpty ? PageState.Empty : PageState.Ready;
    }
}
