using MerchantStudio.Components.Kit;
using MerchantStudio.Core.Experiments;
using MerchantStudio.Core.Experiments.Attribution;
using MerchantStudio.Core.Shop;
using MerchantStudio.Localization;
using Microsoft.AspNetCore.Components;

namespace MerchantStudio.Components.Pages.Experiments;

public sealed partial class AttributionPage
{
    private string? _opened;

    [Inject] public required AttributionViewModel Model { get; init; }

    private string NotWastedTitle => Model.Reading?.NotWasted is { } saved
        ? saved.AmountMinor.IsAboveZero ? T["Attribution.not-wasted-title", Money(saved.AmountMinor.Value)] : T["Attribution.not-wasted-unsure"] : T["Attribution.not-wasted-none"];

    private string NotWastedText => Model.Reading?.NotWasted is { } saved
        ? T["Attribution.not-wasted-text", Show.Count(saved.Orders), saved.Experiments, Money(saved.AmountMinor.Interval.Low), Money(saved.AmountMinor.Interval.High)] : T["Attribution.not-wasted-none-text"];

    protected override async Task OnParametersSetAsync()
    {
        if (_opened == Workspace) return;
        _opened = Workspace;
        if ((await ScopeAsync()).TryGet(out var scope, out _)) await Model.ShowAsync(scope, Leaving);
    }

    /// <summary>Compares only those that were measured: else the sums would be of different campaigns.</summary>
    private string Answer(AttributionReading reading)
    {
        var measured = reading.Sources.Where(source => source.Truth is not null).ToArray();
        if (reading.Sources.All(source => source.Link is not null)) return T["Attribution.answer-links", reading.Sources.Length];
        if (measured.Length == 0) return T["Attribution.answer-unmeasured", reading.Sources.Count(source => source.Link is null)];
        var (claimed, low, high) = (measured.Sum(source => source.Last.ProfitMinor), measured.Sum(source => source.Truth!.ProfitMinor.Interval.Low), measured.Sum(source => source.Truth!.ProfitMinor.Interval.High));
        return Texts.Fill(T["Attribution.answer"], measured.Length, Money(claimed), Money(measured.Sum(source => source.Truth!.ProfitMinor.Value)), ExperimentWords.About(low, reading.Currency), ExperimentWords.About(high, reading.Currency));
    }

    private string Name(AttributedSource row) => row.Link is { } link ? LinkName(link) : row.Name.Length > 0 ? row.Name : T["Attribution.nameless", (row.CampaignId ?? row.RuleId ?? Guid.Empty).ToString("D")[..8]];

    private static string LinkName(VisitLink link) => (link.Source, link.Campaign) switch
    {
        ("", var campaign) => campaign,
        (var source, "") => source,
        var (source, campaign) => $"{source} / {campaign}",
    };

    private string Truth(AttributedSource row, Estimate? estimate) => estimate is null ? T["Attribution.not-measured"]
        : double.IsFinite(estimate.Interval.Low) ? $"{Money(estimate.Value)} ({ExperimentWords.About(estimate.Interval.Low, Shop.Currency)} – {ExperimentWords.About(estimate.Interval.High, Shop.Currency)})"
        : T["Attribution.too-few"];

    private string Money(double minor) => ExperimentWords.About(minor, Shop.Currency);

    private CsvCell Cell(double minor) => CsvCell.Amount(new Money((long)Math.Round(minor), Shop.Currency));
}
