using MerchantStudio.Components.Kit;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Exports;
using MerchantStudio.Core.Promotions.Referrals;
using MerchantStudio.Core.Shop;
using MerchantStudio.Localization;
using Microsoft.AspNetCore.Components;

namespace MerchantStudio.Components.Pages.Promotions;

public sealed partial class ReferralsPage
{
    private const int UsualRewards = 10;
    private string? _opened;
    private Plot? _plot;
    private bool _busy;
    private bool _editing;
    private bool _giving;
    private bool _ending;
    private Guid? _id;
    private int _revision;
    private bool _given;
    private string? _name;
    private Guid? _friend;
    private Guid? _reward;
    private decimal? _most = UsualRewards;
    private string? _segment;

    [Inject] public required ReferralsViewModel Model { get; init; }
    [Inject] public required Texts Texts { get; init; }
    [Inject] public required Toasts Toasts { get; init; }
    [Inject] public required Downloads Downloads { get; init; }

    [SupplyParameterFromQuery] public string? Programme { get; set; }

    /// <summary>Whose rows are shown.</summary>
    [SupplyParameterFromQuery] public string? Advocate { get; set; }

    protected override async Task OnParametersSetAsync()
    {
        var address = $"{Workspace}?{Programme}&{Advocate}";
        if (_opened == address) return;
        _opened = address;
        await ReadAsync();
    }

    private async Task ReadAsync()
    {
        if (!(await ScopeAsync()).TryGet(out var scope, out _)) return;
        await Model.ShowAsync(scope, Guid.TryParse(Programme, out var id) ? id : null, Advocate, Leaving);
        Draw();
    }

    private void Draw() => _plot = Model.Reading is { } reading ? ReferralPlot.Of(reading, Texts) : null;

    private string State(ReferralView row) => T["Referrals.state-" + row.State];

    private string Amount(long minor) => Show.ExactMoney(new Money(minor, Shop.Currency));

    private string RowsOf(ReferralAdvocate row) => Link($"promotions/referrals?programme={Model.Programme!.Id:D}&advocate={Uri.EscapeDataString(row.ShopperId)}#rows");

    private void Edit(ReferralView? programme)
    {
        Model.Refusal = null;
        (_editing, _id, _revision, _given) = (true, programme?.Id, programme?.Revision ?? 0, programme is { State: not ReferralState.Draft });
        (_name, _friend, _reward, _most) = (programme?.Draft.Name ?? "", programme?.Draft.FriendRuleId ?? Model.Rules.ElementAtOrDefault(0)?.Value, programme?.Draft.RewardRuleId ?? Model.Rules.ElementAtOrDefault(1)?.Value, programme?.Draft.MostRewards ?? UsualRewards);
    }

    private async Task SaveAsync()
    {
        if (_friend is not { } friend || _reward is not { } reward || !(await ScopeAsync()).TryGet(out var scope, out _)) return;
        if (await Model.SaveAsync(scope, _id, _revision, new ReferralDraft(_name ?? "", friend, reward, (int)(_most ?? 0)), Leaving) is not { } id) return;
        _editing = false;
        if (id.ToString("D") == Programme) await ReadAsync();
        else Navigation.NavigateTo(Link($"promotions/referrals?programme={id:D}"));
    }

    private async Task MoveAsync(ReferralState to)
    {
        _ending = false;
        if (!(await ScopeAsync()).TryGet(out var scope, out _)) return;
        _busy = true;
        try
        {
            if (await Model.MoveAsync(scope, to, Leaving) && to == ReferralState.Running) Toasts.Say(T["Referrals.started", Model.Programme!.Draft.Name]);
            Draw();
        }
        finally
        {
            _busy = false;
        }
    }

    private async Task AskSegmentAsync()
    {
        if (!(await ScopeAsync()).TryGet(out var scope, out _)) return;
        Model.Refusal = null;
        await Model.ReadSegmentsAsync(scope, Shop, Leaving);
        (_giving, _segment) = (true, Model.Segments.Count > 0 ? Model.Segments[0].Value : null);
    }

    private async Task GiveAsync()
    {
        if (_segment is not { } segment || !(await ScopeAsync()).TryGet(out var scope, out _)) return;
        _busy = true;
        try
        {
            if (await Model.GiveAsync(scope, segment, Leaving) is not { } given) return;
            _giving = false;
            Toasts.Say(T["Referrals.given", Show.Count(given.Given), Show.Count(given.Had)]);
            Draw();
        }
        finally
        {
            _busy = false;
        }
    }

    private async Task DownloadAsync(ExportFormat format)
    {
        if (!(await ScopeAsync()).TryGet(out var scope, out _)) return;
        if (await Model.FileAsync(scope, format, Leaving) is { } file) await Downloads.SaveAsync($"advocates.{ExportMenu.ExtensionOf(format)}", file, Leaving);
    }
}
