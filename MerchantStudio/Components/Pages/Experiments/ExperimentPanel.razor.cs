using MerchantStudio.Components.Kit;
using MerchantStudio.Components.Shell;
using MerchantStudio.Core.Experiments;
using MerchantStudio.Core.Experiments.Reading;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Shop;
using MerchantStudio.Hosting;
using MerchantStudio.Localization;
using Microsoft.AspNetCore.Components;

namespace MerchantStudio.Components.Pages.Experiments;

/// <summary>The body of an experiment's report, for its own page and for a campaign's.</summary>
public sealed partial class ExperimentPanel : IDisposable
{
    private readonly CancellationTokenSource _leaving = new();
    private ExperimentReading? _drawn;
    private IReadOnlyList<MeasureRow> _rows = [];
    private IReadOnlyList<MeasureRow> _first = [];
    private Plot? _money;
    private Plot? _share;
    private (Guid Experiment, object? Stand)? _shown;
    private bool _deciding;
    private int _arm;
    private VerdictKind _kind = VerdictKind.Paid;

    [Inject] public required ExperimentViewModel Own { get; init; }
    [Inject] public required CurrentScope Scopes { get; init; }
    [Inject] public required Texts Texts { get; init; }
    [CascadingParameter] public ShopView Shop { get; set; } = default!;

    [Parameter, EditorRequired] public Guid ExperimentId { get; set; }

    /// <summary>The page's own, already loaded; without it the panel loads by itself.</summary>
    [Parameter] public ExperimentViewModel? Model { get; set; }

    /// <summary>What the panel stands beside; it reads anew when this is another one, and shows what it has meanwhile.</summary>
    [Parameter] public object? Stand { get; set; }

    /// <summary>Where the page's head says it.</summary>
    [Parameter] public bool HideVerdict { get; set; }

    private ExperimentViewModel Shown => Model ?? Own;

    private ExperimentWords Words => new(Texts);

    private IReadOnlyList<Choice<VerdictKind>> Kinds => [.. ((VerdictKind[])[VerdictKind.Paid, VerdictKind.DidNotPay, VerdictKind.NoDifference, VerdictKind.TooEarly]).Select(kind => new Choice<VerdictKind>(kind, T["Experiments.kind-" + kind]))];

    public void Dispose()
    {
        _leaving.Cancel();
        _leaving.Dispose();
    }

    protected override async Task OnParametersSetAsync()
    {
        if (Model is null && (_shown is not { } shown || shown.Experiment != ExperimentId || !Equals(shown.Stand, Stand)))
        {
            _shown = (ExperimentId, Stand);
            if ((await Scopes.GetAsync(Shop.Workspace.Id, _leaving.Token)).TryGet(out var scope, out _)) await Own.ShowAsync(scope, ExperimentId, _leaving.Token);
        }

        Draw();
    }

    private void Draw()
    {
        if (ReferenceEquals(_drawn, Shown.Reading)) return;
        _drawn = Shown.Reading;
        if (_drawn is not { } reading) return;
        (_rows, _first) = (Words.Measures(reading), Words.MeasuresOnFirst(reading));
        var unit = (double)new Money(1_000_000, reading.Currency).Amount / 1_000_000;
        _money = IntervalPlot.Of([.. _rows.Where(row => row.Measure is "revenue" or "profit").Select(row => Drawn(row, unit))], T["Experiments.col-difference"], value => Show.MoneyAxis(value, reading.Currency), reading.Currency);
        _share = IntervalPlot.Of([.. _rows.Where(row => row.IsShare).Select(row => Drawn(row, 100))], T["Experiments.col-difference"], value => Show.Number(value, 1));

        IntervalRow Drawn(MeasureRow row, double scale) =>
            new(reading.Arms.Length == 1 ? T["Experiments.measure-" + row.Measure] : $"{row.Arm} · {T["Experiments.measure-" + row.Measure]}", row.Shown.Value * scale, row.Shown.Interval.Low * scale, row.Shown.Interval.High * scale);
    }

    private async Task<Problem?> DecideAsync(string reason)
    {
        if (!(await Scopes.GetAsync(Shop.Workspace.Id, _leaving.Token)).TryGet(out var scope, out var problem)) return problem;
        problem = await Shown.OverrideAsync(scope, _arm, _kind, reason, _leaving.Token);
        Draw();
        return problem;
    }

    private string Interval(ExperimentReading reading) => T[reading.Experiment.LookOnce ? "Experiments.chart-once" : "Experiments.chart-any", Show.Percent(reading.Rule.Level, 0), Words.Control(reading)];

    private static int Height(ExperimentReading reading, int measures) => 80 + (44 * Math.Max(1, reading.Arms.Length * measures));

    private string Ends(MeasureRow row, Estimate estimate, ExperimentReading reading) =>
        double.IsFinite(estimate.Interval.Low) && double.IsFinite(estimate.Interval.High) ? $"{Words.Change(row, estimate.Interval.Low, reading.Currency)} – {Words.Change(row, estimate.Interval.High, reading.Currency)}" : "–";

    private string CostBasis(ExperimentReading reading) => reading.CostKnown switch
    {
        null => "",
        0 => T["Experiments.cost-unknown"],
        >= 0.995 => T["Experiments.cost-known"],
        { } share => T["Experiments.cost-partly", Show.Percent(share, 0)],
    };

    private string Counts(ExperimentReading reading) => string.Join(Show.IsChinese ? "、" : ", ", reading.Report.Arms.Select(arm => $"{Words.Arm(reading, arm.Arm)} {Show.Count(arm.Sums.People)}"));

    private static string Expected(ExperimentReading reading)
    {
        var shares = reading.Experiment.Split.ExpectedShares();
        return string.Join(" : ", (reading.Control is null ? shares : [.. shares[1..^1], shares[0]]).Select(share => Show.Percent(share, 1)));
    }

    private IReadOnlyList<Choice<int>> Arms(ExperimentReading reading) => [.. reading.Report.Comparisons.Select(compared => new Choice<int>(compared.Arm, Words.Arm(reading, compared.Arm)))];

    /// <summary>The decision that stands for each arm, where it is not what the figures say.</summary>
    private static IEnumerable<SavedOverride> Standing(ExperimentReading reading) => reading.Report.Comparisons
        .Where(compared => reading.DecisionOn(compared) != compared.Verdict.Kind).Select(compared => reading.Overrides.First(note => note.Arm == compared.Arm));
}
