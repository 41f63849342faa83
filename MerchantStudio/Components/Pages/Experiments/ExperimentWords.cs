using System.Collections.Immutable;
using MerchantStudio.Core.Campaigns.Running;
using MerchantStudio.Core.Experiments;
using MerchantStudio.Core.Experiments.Reading;
using MerchantStudio.Core.Shop;
using MerchantStudio.Localization;

namespace MerchantStudio.Components.Pages.Experiments;

/// <summary>One measure of one arm as the page shows it; per assigned person.</summary>
/// <param name="Measure">"conversion", "revenue", "profit", "order-value".</param>
/// <param name="Treated">Share of people or minor units, as the others.</param>
/// <param name="OneLook">The interval for one look alone.</param>
/// <param name="Shown">What the page goes by: at any look, unless one look was agreed.</param>
internal sealed record MeasureRow(string Arm, string Measure, double Treated, double Control, Estimate OneLook, Estimate Shown)
{
    public bool IsShare => Measure == "conversion";
}

/// <summary>An experiment's report in words and rows.</summary>
internal sealed class ExperimentWords(Texts texts)
{
    /// <summary>With **strong** parts.</summary>
    public string Verdict(ExperimentReading reading, ArmComparison compared) => Verdict(reading, compared, Control(reading), "Experiments.say-" + compared.Verdict.Kind);

    /// <summary>The same of an arm against the first one.</summary>
    public string VerdictOnFirst(ExperimentReading reading, ArmComparison compared) =>
        Verdict(reading, compared, texts["Experiments.quoted", Arm(reading, 0)], compared.Verdict.Kind == VerdictKind.BrokenSplit ? "Experiments.say-BrokenSplit" : "Experiments.say-first-" + compared.Verdict.Kind);

    /// <summary>Each arm against the first, where the first is not what all are compared with anyway.</summary>
    public static ImmutableArray<ArmComparison> AgainstFirst(ExperimentReading reading) => reading.Control is null ? reading.Report.AgainstFirst : [];

    private string Verdict(ExperimentReading reading, ArmComparison compared, string control, string key)
    {
        var verdict = compared.Verdict;
        var arm = Arm(reading, compared.Arm);
        var treated = reading.Report.Arms[compared.Arm].Sums.People;
        var profit = verdict.Profit is { StandardError: not double.NaN } estimate && treated > 0 ? estimate.Times(treated) : null;
        var away = profit is { Value: < 0 };
        return Texts.Fill(texts[key], arm, About(away ? -profit!.Value : profit?.Value ?? 0, reading.Currency), About(profit?.Interval.Low ?? double.NegativeInfinity, reading.Currency),
            About(profit?.Interval.High ?? double.PositiveInfinity, reading.Currency), Show.Count(treated), control, Missing(verdict, reading), P(verdict.SplitPValue));
    }

    /// <summary>One sentence for the whole experiment.</summary>
    public string Answer(ExperimentReading reading)
    {
        if (reading.AsOf is null) return texts["Experiments.say-no-data"];
        if (reading.Assigned == 0) return texts["Experiments.say-nobody"];
        if (reading.Report.Comparisons.IsEmpty) return texts["Experiments.say-hardly-anybody"];
        var compared = reading.Report.Comparisons.FirstOrDefault(arm => arm.Verdict.Kind == VerdictKind.Paid) ?? reading.Report.Comparisons.FirstOrDefault(arm => arm.Verdict.Kind == VerdictKind.DidNotPay) ?? reading.Report.Comparisons[0];
        return Verdict(reading, compared);
    }

    public string Control(ExperimentReading reading) => reading.Control is { } arm ? texts["Experiments.quoted", NameOf(reading, arm)] : texts["Experiments.control"];

    /// <summary>The arm's name, or what the others are compared with. A campaign's one arm has no name of the merchant's.</summary>
    public string Arm(ExperimentReading reading, int arm) => arm != ExperimentSplit.HoldoutArm ? NameOf(reading, reading.Arms[arm])
        : reading.Control is { } control ? NameOf(reading, control) : texts["Experiments.control-group"];

    private string NameOf(ExperimentReading reading, string arm) => reading.Experiment.CampaignId is null ? arm : arm == CampaignPreparation.Arm ? texts["Experiments.campaign-arm"] : texts["Experiments.campaign-variant", arm];

    public string Missing(Verdict verdict, ExperimentReading reading)
    {
        var parts = new List<string>();
        if (verdict.Missing.HasFlag(StillMissing.Days)) parts.Add(texts["Experiments.missing-days", Show.Number(Math.Max(0, verdict.DaysRun), verdict.DaysRun < 10 ? 1 : 0), Show.Number(reading.Rule.LeastDays, 0)]);
        if (verdict.Missing.HasFlag(StillMissing.People)) parts.Add(texts["Experiments.missing-people", Show.Count(reading.Rule.LeastPeople)]);
        if (verdict.Missing.HasFlag(StillMissing.Buyers)) parts.Add(texts["Experiments.missing-buyers", Show.Count(reading.Rule.LeastBuyers)]);
        if (verdict.Missing.HasFlag(StillMissing.PlannedPeople)) parts.Add(texts["Experiments.missing-planned", Show.Count(verdict.People), Show.Count(verdict.PlannedPeople)]);
        return string.Join(Show.IsChinese ? "；" : "; ", parts);
    }

    public IReadOnlyList<MeasureRow> Measures(ExperimentReading reading) => Measures(reading, reading.Report.Comparisons, reading.Report.Arms[^1]);

    public IReadOnlyList<MeasureRow> MeasuresOnFirst(ExperimentReading reading) => AgainstFirst(reading) is { IsEmpty: false } compared ? Measures(reading, compared, reading.Report.Arms[0]) : [];

    private IReadOnlyList<MeasureRow> Measures(ExperimentReading reading, ImmutableArray<ArmComparison> comparisons, ArmReport control)
    {
        var once = reading.Experiment.LookOnce;
        return
        [
            .. comparisons.SelectMany(compared =>
            {
                var (arm, name) = (reading.Report.Arms[compared.Arm], Arm(reading, compared.Arm));
                return (MeasureRow[])
                [
                    new(name, "conversion", arm.Conversion.Value, control.Conversion.Value, compared.Conversion, once ? compared.Conversion : compared.ConversionAtAnyLook),
                    new(name, "revenue", arm.Revenue.Value, control.Revenue.Value, compared.Revenue.Difference, once ? compared.Revenue.Difference : compared.RevenueAtAnyLook),
                    new(name, "profit", arm.Profit.Value, control.Profit.Value, compared.Profit.Difference, once ? compared.Profit.Difference : compared.ProfitAtAnyLook),
                    new(name, "order-value", arm.OrderValue.Value, control.OrderValue.Value, compared.OrderValue, compared.OrderValue),
                ];
            }),
        ];
    }

    /// <summary>A difference with its sign: hundredths of a share as points, minor units as money.</summary>
    public string Change(MeasureRow row, double value, string currency) => !double.IsFinite(value) ? "–"
        : row.IsShare ? texts["Experiments.points", Show.Signed(value * 100, 2)]
        : (value > 0 ? "+" : "") + Exact(value, currency);

    public static string Value(MeasureRow row, double value, string currency) => !double.IsFinite(value) ? "–" : row.IsShare ? Show.Percent(value, 2) : Exact(value, currency);

    public static string Exact(double minor, string currency) => double.IsFinite(minor) ? Show.ExactMoney(new Money((long)Math.Round(minor, MidpointRounding.AwayFromZero), currency)) : "–";

    public static string About(double minor, string currency) => Math.Abs(minor) < 1e17 ? Show.About(new Money((long)Math.Round(minor, MidpointRounding.AwayFromZero), currency)) : minor < 0 ? "−∞" : "∞";

    public static string P(double p) => p < 0.0001 ? "p < 0.0001" : "p = " + Show.Number(p, 4);
}
