using System.Collections.Immutable;
using MerchantStudio.Components.Kit;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.Insights.Intent;
using MerchantStudio.Core.Learning.Evaluation;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Pipeline;

namespace MerchantStudio.Components.Pages.Predictions;

/// <summary>What the intent page holds: the published report, everybody's chance, and what reaching people is worth.</summary>
public sealed class IntentViewModel(PipelineReports reports, IntentShoppers shoppers, ModelRegistry models)
{
    private const int UsualHorizon = 7;

    /// <summary>Assumed until the merchant says better: a fifth of a typical order is earned, a twentieth is spent on an offer in vain.</summary>
    private const decimal AssumedMargin = 0.20m;
    private const decimal AssumedCost = 0.05m;
    private int _shownHorizon;
    private int _shownRun;

    public PageState State { get; private set; } = PageState.Loading;

    public Problem? Problem { get; private set; }

    public PipelineReport? Run { get; private set; }

    public IntentReport? Report { get; private set; }

    public ModelSummary? Model { get; private set; }

    public ImmutableArray<double> Chances { get; private set; } = [];

    /// <summary>Null without prices; the page then counts people.</summary>
    public decimal? TypicalOrder { get; private set; }

    public double Threshold { get; private set; }

    public decimal Worth { get; private set; }

    public decimal Cost { get; private set; }

    public bool HasMoney => TypicalOrder is not null;

    public double MostChance => Chances.IsEmpty ? 1 : Math.Max(Chances[^1], 0.01);

    /// <summary>Chances below are so many that they would hide all others; the histogram leaves them out and says so.</summary>
    public double LeastDrawn => MostChance / 10;

    public async Task ShowAsync(WorkspaceScope scope, int? horizonDays, double? threshold, decimal? worth, decimal? cost, CancellationToken cancellationToken)
    {
        var run = await reports.LatestPublishedAsync(scope, cancellationToken);
        if (run is null)
        {
            (State, Problem) = scope.Refusal(Right.ReadFigures) is { } refusal ? (PageState.Problem, refusal) : (PageState.Empty, null);
            return;
        }

        Run = run;
        var offered = run.Intent.Where(section => section.Report is not null).ToList();
        Report = (offered.Find(section => section.HorizonDays == (horizonDays ?? UsualHorizon)) ?? offered.FirstOrDefault())?.Report;
        if (Report is null)
        {
            State = PageState.Empty;
            return;
        }

        if (_shownHorizon != Report.HorizonDays || _shownRun != run.Number)
        {
            var chances = await shoppers.ProbabilitiesAsync(scope, Report.HorizonDays, cancellationToken);
            if (chances.Problem is { } problem)
            {
                (State, Problem) = (PageState.Problem, problem);
                return;
            }

            Chances = chances.Value;
            TypicalOrder = run.Segments?.Report?.HasPrices == true ? await shoppers.TypicalOrderAsync(scope, cancellationToken) : null;
            var listed = await models.ListAsync(scope, cancellationToken);
            Model = listed.Succeeded ? listed.Value.FirstOrDefault(model => model.IsLive && model.Task == $"intent-{Report.HorizonDays}") : null;
            (_shownHorizon, _shownRun) = (Report.HorizonDays, run.Number);
        }

        Worth = worth ?? decimal.Round((TypicalOrder ?? 0) * AssumedMargin, 2);
        Cost = cost ?? decimal.Round((TypicalOrder ?? 0) * AssumedCost, 2);
        Threshold = Math.Clamp(threshold ?? BestThreshold().Threshold, 0, 1);
        State = PageState.Ready;
    }

    public Task<Outcome<ScoredPage>> PeopleAsync(WorkspaceScope scope, TableRequest request, CancellationToken cancellationToken) =>
        shoppers.PageAsync(scope, Report!.HorizonDays, Threshold, request.Filter, Enum.TryParse<ScoredOrder>(request.SortKey, out var order) ? order : ScoredOrder.Probability, request.SortKey is null || request.Descending, request.Skip, request.Take, cancellationToken);

    /// <summary>Shoppers whose chance is at or above the threshold now.</summary>
    public int Reached => Chances.Count(chance => chance >= Threshold);

    public double ExpectedBuyers => Chances.Where(chance => chance >= Threshold).Sum();

    /// <summary>What reaching them now may bring.</summary>
    public decimal ExpectedValue => ((decimal)ExpectedBuyers * Worth) - ((Reached - (decimal)ExpectedBuyers) * Cost);

    /// <summary>Counts of the test window at the threshold.</summary>
    public Confusion AtThreshold => Report!.Thresholds.LastOrDefault(point => point.Threshold <= Threshold) ?? Report.Thresholds[0];

    public decimal ValueOf(Confusion counts) => (counts.TruePositives * Worth) - (counts.FalsePositives * Cost);

    /// <summary>Where the test window would have brought most; without money the best balance of found and right (F1).</summary>
    public Confusion BestThreshold() => HasMoney && Worth > 0
        ? Report!.Thresholds.MaxBy(ValueOf)!
        : Report!.Thresholds.MaxBy(point => point.F1)!;

    /// <summary>Buyers that the model finds in the test window when it may pick as many shoppers as the rule of thumb picked.</summary>
    public int FoundWith(int picks)
    {
        var points = Report!.Thresholds.OrderBy(point => point.TruePositives + point.FalsePositives).ToList();
        var above = points.FindIndex(point => point.TruePositives + point.FalsePositives >= picks);
        if (above < 0) return points[^1].TruePositives;
        var high = points[above];
        var (lowPicks, lowFound) = above == 0 ? (0, 0) : (points[above - 1].TruePositives + points[above - 1].FalsePositives, points[above - 1].TruePositives);
        var span = high.TruePositives + high.FalsePositives - lowPicks;
        return span == 0 ? high.TruePositives : (int)Math.Round(lowFound + ((high.TruePositives - lowFound) * (double)(picks - lowPicks) / span));
    }
}
