using System.Collections.Immutable;
using System.Globalization;
using MerchantStudio.Components.Kit;
using MerchantStudio.Core.Jobs;
using MerchantStudio.Core.Shop;
using MerchantStudio.Localization;
using Microsoft.AspNetCore.Components;

namespace MerchantStudio.Components.Pages.Reference;

public sealed partial class ReferencePage
{
    private Plot? _plot;
    private ImmutableArray<Line> _rows = [];
    private bool _asking;
    private int _chosen;
    private int _segment = 1;
    private string? _text;
    private decimal? _number = 15;
    private Money? _money;
    private DateOnly? _day;
    private bool _on = true;
    private double _slide = 0.3;

    [Inject] public required Toasts Toasts { get; init; }

    private static IReadOnlyList<Choice<int>> Numbers { get; } = [new(1, "1"), new(7, "7"), new(30, "30")];

    private static ImmutableArray<StageProgress> Stages { get; } =
    [
        new("read", StageState.Done, 1_482_310, 1_482_310, 41),
        new("check", StageState.Done, 1_482_310, null, 72),
        new("train", StageState.Running, 31, 50, 64),
        new("compare", StageState.Skipped, 0, null, 0),
        new("publish", StageState.Waiting, 0, null, 0),
    ];

    private static JobProgress Progress { get; } = new(Stages, 0.62, 110);

    protected override void OnInitialized()
    {
        _plot = Chart();
        _rows = [.. Enumerable.Range(1, 140).Select(number => new Line(Texts.Find("Reference.row") is { } row ? string.Format(CultureInfo.CurrentCulture, row, number) : "", number % 3 == 0 ? "RFM" : "Cluster", number, number * 123.45m, number / 200d))];
    }

    private static double[] Wave(int seed) => [.. Enumerable.Range(0, 28).Select(day => 10 + (3 * Math.Sin((day + seed) * 0.9)) + (2 * Math.Cos(day * 0.37 * seed)))];

    private Plot Chart()
    {
        var first = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(Shop.Now, Shop.Zone).Date).AddDays(-27);
        List<DateOnly> days = [.. Enumerable.Range(0, 28).Select(first.AddDays)];
        var now = Wave(1).Select(value => value * 500).ToList();
        var before = Wave(2).Select(value => value * 480).ToList();
        return new Plot
        {
            Data =
            [
                new PlotTrace { X = PlotValues.Of(days), Y = PlotValues.Of(before), Name = T["Reference.before"], Line = PlotTrace.Dotted(PlotColor.Compare), Mode = "lines", Text = [.. before.Select(Amount)], HoverTemplate = PlotText.HoverValue(T["Reference.before"]) },
                new PlotTrace { X = PlotValues.Of(days), Y = PlotValues.Of(now), Name = T["Reference.now"], Line = PlotTrace.Solid(PlotColor.Series(1)), Mode = "lines", Text = [.. now.Select(Amount)], HoverTemplate = PlotText.HoverValue(T["Reference.now"]) },
            ],
            Layout = new PlotLayout { XAxis = PlotAxes.Days(days[0], days[^1]), YAxis = PlotAxes.Money(0, now.Concat(before).Max(), Shop.Currency) },
        };

        PlotText Amount(double value) => Show.Money(Shop.Money((decimal)value));
    }

    private sealed record Line(string Name, string Kind, int Number, decimal Spent, double Share);
}
