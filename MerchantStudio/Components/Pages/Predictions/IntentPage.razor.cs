using System.Globalization;
using MerchantStudio.Components.Kit;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Insights.Intent;
using MerchantStudio.Core.Learning.Evaluation;
using MerchantStudio.Localization;
using Microsoft.AspNetCore.Components;

namespace MerchantStudio.Components.Pages.Predictions;

public sealed partial class IntentPage
{
    private const double LittleBetterThanChance = 0.65;
    private const int FewBuyers = 100;
    private const double AboutEqual = 0.005;
    private Plot? _value;
    private Plot? _histogram;
    private Plot? _lift;
    private Plot? _precision;
    private Plot? _calibration;

    [Inject] public required IntentViewModel Model { get; init; }

    [SupplyParameterFromQuery] public int? Horizon { get; set; }

    /// <summary>Whole percent.</summary>
    [SupplyParameterFromQuery] public int? From { get; set; }

    [SupplyParameterFromQuery] public decimal? Worth { get; set; }

    [SupplyParameterFromQuery] public decimal? Cost { get; set; }

    private Confusion At => Model.AtThreshold;

    private bool IsBest => At.Threshold == Model.BestThreshold().Threshold;

    private IReadOnlyList<Choice<int>> Horizons => Model.Run is null ? [] :
        [.. Model.Run.Intent.Select(section => new Choice<int>(section.HorizonDays, FeatureWords.Days(T, section.HorizonDays), section.Report is null, section.Problem is { } missing ? ProblemText.Of(missing.ToProblem()) : null))];

    private string RuleLink => Link($"rules/new?when={Uri.EscapeDataString(ConditionJson.Write(new Comparison($"intent_{Model.Report!.HorizonDays}", ConditionOperator.AtLeast, [Model.Threshold.ToString("0.####", CultureInfo.InvariantCulture)])))}");

    private string ValueTitle => Model.HasMoney
        ? T["Intent.value-title", Show.Count(At.TruePositives + At.FalsePositives), Show.About(Shop.Money(Model.ValueOf(At))), Percent(At.Precision)]
        : T["Intent.count-title", Show.Count(At.TruePositives + At.FalsePositives), Show.Count(At.TruePositives), Percent(At.Precision)];

    private string RuleName => Model.Report!.Rule is { } rule
        ? T[rule.AtLeast ? "Intent.rule-at-least" : "Intent.rule-at-most", FeatureWords.Name(T, rule.Feature), FeatureWords.Value(rule.Feature, rule.Cut, Shop.Currency)]
        : T["Intent.no-rule"];

    private string? RuleFound
    {
        get
        {
            if (Model.Report!.Rule is not { } rule) return null;
            var picks = rule.Counts.TruePositives + rule.Counts.FalsePositives;
            return T["Intent.rule-found", Show.Count(rule.Counts.TruePositives), Show.Count(picks), Show.Count(Model.FoundWith(picks))];
        }
    }

    /// <summary>What is doubtful about the model in use.</summary>
    private IEnumerable<string> Doubts
    {
        get
        {
            if (Model.Model?.Figures is not { } figures) yield break;
            foreach (var note in DoubtWords.All(T, figures.Notes)) yield return note;
            if (DoubtWords.Parts(T, figures.Gap, figures.PartsTooFar) is { } parts) yield return parts;
        }
    }

    private (string Title, string More, bool Warns) Warning
    {
        get
        {
            var report = Model.Report!;
            var spread = report.Models.Max(model => model.Test.Auroc) - report.Models.Min(model => model.Test.Auroc);
            var families = spread < AboutEqual ? T["Intent.families-equal"] : T["Intent.families", T["Models.family-" + report.Published], Show.Number(spread, 3)];
            if (report.Best.Test.Auroc < LittleBetterThanChance) return (T["Intent.weak"], T["Intent.weak-more"] + " " + families, true);
            if (report.Test.Buyers < FewBuyers) return (T["Intent.few-buyers", report.Test.Buyers], T["Intent.few-buyers-more"] + " " + families, true);
            return (T["Intent.chosen", T["Models.family-" + report.Published]], families, false);
        }
    }

    private string HistogramTitle
    {
        get
        {
            var low = Model.LeastDrawn;
            return T["Intent.histogram-title", Percent((double)Model.Chances.Count(chance => chance < low) / Math.Max(1, Model.Chances.Length)), Percent(low)];
        }
    }

    private string PrecisionTitle => Model.Report!.Rule is { } rule && rule.Counts.Precision > 0
        ? T["Intent.pr-title", Percent(At.Precision), Percent(At.Recall)]
        : T["Intent.pr-title-alone", Percent(At.Precision)];

    protected override async Task OnParametersSetAsync()
    {
        var scope = await ScopeAsync();
        if (!scope.Succeeded) return;
        await Model.ShowAsync(scope.Value, Horizon, From / 100.0, Worth, Cost, Leaving);
        Draw();
    }

    private void Draw()
    {
        if (Model.Report is not { } report) return;
        _value = IntentCharts.Value(Model, T, Shop.Currency);
        _histogram = IntentCharts.Histogram(Model, T);
        _lift = IntentCharts.Lift(report, T);
        _precision = IntentCharts.PrecisionRecall(Model, T);
        _calibration = IntentCharts.Calibration(report.Calibration, T);
    }

    private async ValueTask<TablePage<ScoredShopper>> LoadAsync(TableRequest request, CancellationToken cancellationToken)
    {
        var scope = await ScopeAsync();
        if (!scope.Succeeded) return new TablePage<ScoredShopper>([], 0);
        var page = await Model.PeopleAsync(scope.Value, request, cancellationToken);
        return page.Succeeded ? new TablePage<ScoredShopper>(page.Value.Shoppers, page.Value.Total) : new TablePage<ScoredShopper>([], 0);
    }

    private void Go(int horizon, int? from) => Navigation.NavigateTo(Navigation.GetUriWithQueryParameters(new Dictionary<string, object?> { ["horizon"] = horizon, ["from"] = from }), replace: true);

    private void MoveAsync(double percent) => Go(Model.Report!.HorizonDays, (int)percent);

    private void PriceAsync(decimal? worth, decimal? cost) => Navigation.NavigateTo(Navigation.GetUriWithQueryParameters(new Dictionary<string, object?>
    {
        ["worth"] = worth ?? Model.Worth,
        ["cost"] = cost ?? Model.Cost,
        ["from"] = null,
    }), replace: true);

    private string Why(ScoredShopper shopper) => string.Join(Show.Number(1.5).Contains(',', StringComparison.Ordinal) ? "; " : T["Intent.list-comma"], shopper.Reasons.Select(reason => FeatureWords.Reason(T, reason, Shop.Currency)));

    private string Width(IntentDriver driver) => string.Create(CultureInfo.InvariantCulture, $"{100 * driver.MeanPoints / Model.Report!.Drivers[0].MeanPoints:0.#}%");

    private string ImportanceWidth(IntentImportance one) => string.Create(CultureInfo.InvariantCulture, $"{100 * Math.Max(0, one.LogLossGain) / Math.Max(1e-9, Model.Report!.Importance[0].LogLossGain):0.#}%");

    private static string Thousandths(double gain) => Show.Number(gain * 1000, 2);

    /// <summary>An estimate in whole units of the currency.</summary>
    private string About(decimal amount) => Show.CurrencySymbol(Shop.Currency) + Show.Count((long)Math.Round(Math.Abs(amount)));

    private static string Percent(double share) => double.IsNaN(share) ? "–" : Show.Percent(share, 0);

    /// <summary>"4 in 10", "1 in 12".</summary>
    private string OutOf(double share) => share >= 0.15 ? T["Intent.in-ten", Math.Clamp((int)Math.Round(share * 10), 1, 10)] : share > 0 ? T["Intent.one-in", Show.Count((long)Math.Round(1 / share))] : T["Intent.in-ten", 0];
}
