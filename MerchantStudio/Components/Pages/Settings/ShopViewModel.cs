using System.Collections.Immutable;
using System.Globalization;
using MerchantStudio.Components.Kit;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Shop;

namespace MerchantStudio.Components.Pages.Settings;

/// <summary>The shop's settings as they are being edited.</summary>
internal sealed class ShopViewModel
{
    private const int Step = 30;
    private const int FirstOffer = 4 * 60;
    private bool? _ranAfterImport;
    private bool _demoWasOpen;

    public string? Name { get; set; }

    public string Currency { get; set; } = "";

    public string TimeZone { get; set; } = "";

    /// <summary>One a line.</summary>
    public string? PaidStates { get; set; }

    public Money? ApprovalLimit { get; set; }

    public bool BestOffers { get; set; }

    public bool RunsAfterImport { get; set; }

    public bool RunsDaily { get; set; }

    public int DailyMinute { get; set; }

    public bool DemoIsOpen { get; set; }

    public IReadOnlyList<Choice<string>> Currencies { get; private set; } = [];

    public IReadOnlyList<Choice<string>> TimeZones { get; } = [.. ShopDetails.TimeZones.Select(zone => new Choice<string>(zone, zone.Replace('_', ' ')))];

    public IReadOnlyList<Choice<int>> Minutes { get; private set; } = [];

    public void Fill(Workspace workspace, bool demoIsOpen)
    {
        var now = ShopChange.Of(workspace);
        Name = now.Name;
        Currency = now.Currency;
        TimeZone = now.TimeZone;
        PaidStates = string.Join('\n', now.PaidStates);
        ApprovalLimit = new Money(now.ApprovalLimitMinor, now.Currency);
        BestOffers = now.BestOffersForCustomer;
        _ranAfterImport = now.RunAfterImport;
        RunsAfterImport = now.RunAfterImport == true;
        RunsDaily = now.DailyRunMinute is not null;
        DailyMinute = now.DailyRunMinute ?? FirstOffer;
        DemoIsOpen = _demoWasOpen = demoIsOpen;
        Currencies = [.. ShopDetails.CommonCurrencies.Append(now.Currency).Distinct().Select(currency => new Choice<string>(currency, currency))];
        Minutes = [.. Enumerable.Range(0, 24 * 60 / Step).Select(half => half * Step).Append(DailyMinute).Distinct().Order().Select(minute => new Choice<int>(minute, TimeSpan.FromMinutes(minute).ToString(@"hh\:mm", CultureInfo.InvariantCulture)))];
    }

    /// <returns>The problem that kept it from being saved.</returns>
    public async Task<Problem?> SaveAsync(WorkspaceScope scope, ShopSettings settings, DemoAccess demo, CancellationToken cancellationToken)
    {
        // A limit typed in one currency keeps its figure when the shop changes to another.
        var limit = ApprovalLimit is { } amount ? Money.Of(amount.Amount, Currency).Minor : 0;
        var states = (PaidStates ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ToImmutableArray();
        // Never answered and still off stays unanswered, so that the question after the first import is still asked.
        bool? after = RunsAfterImport || _ranAfterImport is not null ? RunsAfterImport : null;
        var saved = await settings.ChangeAsync(scope, new ShopChange(Name ?? "", Currency, TimeZone, states, limit, RunsDaily ? DailyMinute : null, after) { BestOffersForCustomer = BestOffers }, cancellationToken);
        if (saved.Problem is not null || DemoIsOpen == _demoWasOpen) return saved.Problem;
        var opened = await demo.SetOpenAsync(scope, DemoIsOpen, cancellationToken);
        if (opened.Succeeded) _demoWasOpen = DemoIsOpen;
        return opened.Problem;
    }

    public bool ChangesFrame(Workspace shown) => shown.Name != Name?.Trim() || shown.Currency != Currency || shown.TimeZone != TimeZone;
}
