using System.Collections.Immutable;
using MerchantStudio.Components.Kit;
using MerchantStudio.Core.Insights.Intent;
using MerchantStudio.Core.Learning.Evaluation;
using MerchantStudio.Core.Shop;
using MerchantStudio.Localization;

namespace MerchantStudio.Components.Pages.Predictions;

/// <summary>The pictures of the intent page.</summary>
internal static class IntentCharts
{
    private const int Bars = 20;

    /// <summary>Precision among fewer of the buyers jumps about and says nothing.</summary>
    private const double LeastRecall = 0.02;

    private static string Share(double value) => Show.Percent(value, 0);

    /// <summary>What reaching everybody above each threshold would have brought in the test window; without money, how many buyers it would have found.</summary>
    public static Plot Value(IntentViewModel model, Texts texts, string currency)
    {
        var points = model.Report!.Thresholds;
        Func<Confusion, double> height = model.HasMoney ? point => (double)model.ValueOf(point) : point => point.TruePositives;
        var chosen = model.AtThreshold;
        var rule = model.Report.Rule is { } thumb ? (model.HasMoney ? (double)model.ValueOf(thumb.Counts) : thumb.Counts.TruePositives) : (double?)null;
        var highest = points.Max(height);

        // Reaching everybody costs so much that it would flatten the part that matters; the line leaves the picture there.
        var lowest = model.HasMoney ? Math.Max(Math.Min(0, points.Min(height)), -0.6 * Math.Max(highest, 1)) : 0;
        Func<double, string> write = model.HasMoney ? value => Show.MoneyAxis(value, currency) : Show.Axis;
        var most = points[^1].Threshold;
        List<PlotTrace> traces =
        [
            new() { Mode = "lines", X = PlotValues.Of(points.Select(point => point.Threshold)), Y = PlotValues.Of(points.Select(height)), Line = PlotTrace.Solid(PlotColor.Accent), Name = texts[model.HasMoney ? "Intent.value" : "Intent.buyers-found"], Text = [.. points.Select(point => (PlotText)write(height(point)))], HoverTemplate = PlotText.HoverValue(texts[model.HasMoney ? "Intent.value" : "Intent.buyers-found"]) },
            new() { Mode = "markers", X = PlotValues.Of([chosen.Threshold]), Y = PlotValues.Of([height(chosen)]), Marker = new PlotMarker { Color = PlotColor.Accent, Size = 9 }, HoverInfo = "skip", OnlyDrawn = true },
        ];
        if (rule is { } flat && flat >= lowest) traces.Add(new PlotTrace { Mode = "lines", X = PlotValues.Of([points[0].Threshold, most]), Y = PlotValues.Of([flat, flat]), Line = PlotTrace.Dotted(PlotColor.Ink3), HoverInfo = "skip", OnlyDrawn = true });
        return new Plot
        {
            Data = [.. traces],
            Layout = new PlotLayout
            {
                ShowLegend = false,
                XAxis = PlotAxes.Between(points[0].Threshold, most, Share) with { Range = [points[0].Threshold, most], ShowGrid = false, Title = new(texts["Intent.threshold-axis"]) },
                YAxis = model.HasMoney ? PlotAxes.Money(lowest, highest, currency) : PlotAxes.Between(lowest, highest, write),
                Annotations =
                [
                    new() { Text = PlotText.Strong(texts["Intent.at", model.HasMoney ? Show.About(Money.Of((decimal)height(chosen), currency)) : write(height(chosen)), Share(chosen.Threshold)]), X = chosen.Threshold, Y = height(chosen), YShift = 14, XAnchor = chosen.Threshold > most * 0.7 ? "right" : "left" },
                    .. rule is { } at && at >= lowest ? (PlotAnnotation[])[new() { Text = texts["Intent.rule-line", write(at)], X = most, Y = at, XAnchor = "right", YShift = 10, Font = new PlotFont { Color = PlotColor.Ink3, Size = 12 } }] : [],
                ],
            },
        };
    }

    /// <summary>How many shoppers have which chance now; those reached in the accent's colour.</summary>
    public static Plot Histogram(IntentViewModel model, Texts texts)
    {
        var (least, most) = (model.LeastDrawn, model.MostChance);
        var width = (most - least) / Bars;
        var counts = new int[Bars];
        foreach (var chance in model.Chances.Where(chance => chance >= least)) counts[Math.Min(Bars - 1, (int)((chance - least) / width))]++;
        double From(int bar) => least + (bar * width);
        return new Plot
        {
            Data =
            [
                new()
                {
                    Type = "bar", Name = texts["Intent.shoppers"], X = PlotValues.Of(Enumerable.Range(0, Bars).Select(bar => From(bar) + (width / 2))), Y = PlotValues.Of(counts), Width = width * 0.86,
                    Marker = new PlotMarker { Color = PlotColors.Each(Enumerable.Range(0, Bars).Select(bar => From(bar + 1) > model.Threshold ? PlotColor.Accent : PlotColor.Mute)) },
                    Text = [.. Enumerable.Range(0, Bars).Select(bar => (PlotText)texts["Intent.bar", Show.Count(counts[bar]), Show.Percent(From(bar)), Show.Percent(From(bar + 1))])],
                    TextPosition = "none", HoverTemplate = PlotText.Hover("%{text}"),
                },
            ],
            Layout = new PlotLayout
            {
                ShowLegend = false,
                HoverMode = "closest",
                BarGap = 0.1,
                XAxis = PlotAxes.Between(least, most, Share) with { Range = [least, most], ShowGrid = false, Title = new(texts["Intent.chance-axis", FeatureWords.Days(texts, model.Report!.HorizonDays)]) },
                YAxis = PlotAxes.FromZero(counts.Max(), Show.Axis),
                Shapes = [new() { X0 = model.Threshold, X1 = model.Threshold, YRef = "paper", Y0 = 0, Y1 = 1, Line = new PlotLine { Color = PlotColor.Ink, Width = 1.5 } }],
            },
        };
    }

    public static Plot Lift(IntentReport report, Texts texts)
    {
        var highest = report.Lift.Max(decile => decile.Lift);
        return new Plot
        {
            Data =
            [
                new()
                {
                    Type = "bar", Name = texts["Intent.lift"], X = PlotValues.Of(report.Lift.Select(decile => decile.Decile)), Y = PlotValues.Of(report.Lift.Select(decile => decile.Lift)),
                    Marker = new PlotMarker { Color = PlotColors.Each(report.Lift.Select(decile => decile.Lift > 1 ? PlotColor.Accent : PlotColor.Mute)) },
                    Text = [.. report.Lift.Select(decile => (PlotText)texts["Intent.decile", decile.Positives, decile.Rows, Show.Number(decile.Lift)])], TextPosition = "none", HoverTemplate = PlotText.Hover("%{text}"),
                },
            ],
            Layout = new PlotLayout
            {
                ShowLegend = false,
                HoverMode = "closest",
                XAxis = new PlotAxis { DTick = 1, ShowGrid = false, Title = new(texts["Intent.decile-axis"]) },
                YAxis = PlotAxes.FromZero(highest, value => Show.Number(value, highest < 3 ? 1 : 0) + "×"),
                Shapes = [new() { XRef = "paper", X0 = 0, X1 = 1, Y0 = 1, Y1 = 1, Line = PlotTrace.Dotted(PlotColor.Ink3) }],
            },
        };
    }

    public static Plot PrecisionRecall(IntentViewModel model, Texts texts)
    {
        var report = model.Report!;
        var chosen = model.AtThreshold;
        List<PlotTrace> traces =
        [
            Line(report.PrecisionRecall, texts["Intent.model"], PlotTrace.Solid(PlotColor.Accent)),
            new() { Mode = "markers", X = PlotValues.Of([chosen.Recall]), Y = PlotValues.Of([chosen.Precision]), Marker = new PlotMarker { Color = PlotColor.Accent, Size = 8 }, HoverInfo = "skip", OnlyDrawn = true },
        ];
        if (report.Rule is { } rule) traces.Insert(1, Line(rule.PrecisionRecall, texts["Intent.rule"], PlotTrace.Dotted(PlotColor.Ink3)));
        return new Plot
        {
            Data = [.. traces],
            Layout = new PlotLayout
            {
                ShowLegend = false,
                HoverMode = "closest",
                XAxis = Quarters with { ShowGrid = false, Title = new(texts["Intent.recall-axis"]) },
                YAxis = PlotAxes.FromZero(Math.Min(1, report.PrecisionRecall.Where(point => point.Recall > LeastRecall).Max(point => point.Precision)), Share),
                Annotations = [Named(report.PrecisionRecall, texts["Intent.model"], 0.6, 14), .. report.Rule is { } named ? (PlotAnnotation[])[Named(named.PrecisionRecall, texts["Intent.rule"], 0.2, -14)] : []],
            },
        };

        PlotTrace Line(IEnumerable<PrecisionRecallPoint> points, string name, PlotLine line)
        {
            var drawn = points.Where(point => point.Recall > LeastRecall).ToList();
            return new PlotTrace { Mode = "lines", Name = name, X = PlotValues.Of(drawn.Select(point => point.Recall)), Y = PlotValues.Of(drawn.Select(point => point.Precision)), Line = line, Text = [.. drawn.Select(point => (PlotText)texts["Intent.pr-point", Share(point.Precision), Share(point.Recall)])], HoverTemplate = PlotText.Hover("%{text}") };
        }
    }

    private static PlotAxis Quarters { get; } = new() { Range = [0, 1], TickVals = PlotValues.Of([0, 0.25, 0.5, 0.75, 1]), TickText = ["0%", "25%", "50%", "75%", "100%"] };

    /// <param name="recall">Where on the line the name stands.</param>
    private static PlotAnnotation Named(IReadOnlyList<PrecisionRecallPoint> points, string name, double recall, int shift)
    {
        var place = points.MinBy(point => Math.Abs(point.Recall - recall))!;
        return new PlotAnnotation { Text = name, X = place.Recall, Y = place.Precision, XAnchor = "left", YShift = shift, Font = new PlotFont { Color = PlotColor.Ink3, Size = 12 } };
    }

    /// <param name="upTo">Where the axes end, so that several pictures can be compared; null for where the bins do.</param>
    public static Plot Calibration(ImmutableArray<CalibrationBin> bins, Texts texts, double? upTo = null)
    {
        var most = upTo ?? EndOf(bins);
        return new Plot
        {
            Data =
            [
                new() { Mode = "lines", X = PlotValues.Of([0.0, most]), Y = PlotValues.Of([0.0, most]), Line = PlotTrace.Dotted(PlotColor.Ink3), HoverInfo = "skip", OnlyDrawn = true },
                new()
                {
                    Mode = "markers", Name = texts["Intent.observed"], X = PlotValues.Of(bins.Select(bin => bin.Predicted)), Y = PlotValues.Of(bins.Select(bin => bin.Observed)), Marker = new PlotMarker { Color = PlotColor.Accent, Size = 7 },
                    ErrorY = new PlotError { Symmetric = false, Array = PlotValues.Of(bins.Select(bin => bin.High - bin.Observed)), ArrayMinus = PlotValues.Of(bins.Select(bin => bin.Observed - bin.Low)), Color = PlotColor.Accent, Thickness = 1.5, Width = 0 },
                    Text = [.. bins.Select(bin => (PlotText)texts["Intent.calibration-point", Show.Percent(bin.Predicted), Show.Percent(bin.Observed), bin.Rows])], HoverTemplate = PlotText.Hover("%{text}"),
                },
            ],
            Layout = new PlotLayout
            {
                ShowLegend = false,
                HoverMode = "closest",
                XAxis = PlotAxes.FromZero(most, Share) with { ShowGrid = false, Title = new(texts["Intent.predicted-axis"]) },
                YAxis = PlotAxes.FromZero(most, Share),
            },
        };
    }

    /// <summary>Where the axes of a calibration end.</summary>
    public static double EndOf(ImmutableArray<CalibrationBin> bins) => Math.Min(1, bins.Max(bin => Math.Max(bin.Predicted, bin.High)));
}
