using MerchantStudio.Components.Kit;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Experiments;
using MerchantStudio.Core.Experiments.Reading;
using MerchantStudio.Localization;
using Microsoft.AspNetCore.Components;

namespace MerchantStudio.Components.Pages.Experiments;

public sealed partial class ExperimentsPage
{
    private const int PercentPoints = 100;
    private string? _opened;
    private bool _holding;
    private bool _making;
    private decimal? _percent;
    private ExperimentDraft _draft = NewExperiment.Usual;

    [Inject] public required ExperimentsViewModel Model { get; init; }
    [Inject] public required Texts Texts { get; init; }

    private ExperimentWords Words => new(Texts);

    private string HoldoutTitle => Model.Holdout?.Current is { } current ? T["Experiments.holdout-on", Percent(current.BasisPoints), Shop.Day(Model.Holdout.History[0].At)] : T["Experiments.holdout-off"];

    internal static Tone ToneOf(ExperimentState state) => state switch { ExperimentState.Running => Tone.Good, ExperimentState.Draft => Tone.Draft, _ => Tone.Neutral };

    protected override async Task OnParametersSetAsync()
    {
        if (_opened == Workspace) return;
        _opened = Workspace;
        if ((await ScopeAsync()).TryGet(out var scope, out _)) await Model.ShowAsync(scope, StateHasChanged, Leaving);
    }

    private string Verdict(SavedExperiment row)
    {
        if (!Model.Readings.TryGetValue(row.Id, out var reading)) return T[row.State == ExperimentState.Draft ? "Experiments.not-started" : "Experiments.reading"];
        return Words.Answer(reading).Replace("**", "", StringComparison.Ordinal);
    }

    private static double? DaysOf(SavedExperiment row, DateTimeOffset now) => row.StartedAt is { } started ? ((row.StoppedAt ?? now) - started).TotalDays : null;

    private double? Days(SavedExperiment row) => DaysOf(row, Shop.Now) is { } days ? Math.Floor(days) : null;

    private string AllSentence(AllCampaignsReading all)
    {
        if (all.Report.Comparisons.IsEmpty) return T["Experiments.holdout-waiting"];
        var compared = all.Report.Comparisons[0];
        var people = all.Report.Arms[0].Sums.People;
        var profit = compared.Verdict.Profit!;
        var kind = compared.Verdict.Kind is VerdictKind.Paid or VerdictKind.DidNotPay or VerdictKind.NoDifference ? compared.Verdict.Kind : VerdictKind.TooEarly;
        var away = profit.Value < 0 ? -1 : 1;
        return Texts.Fill(T["Experiments.all-" + kind], ExperimentWords.About(profit.Value * people * away, all.Currency), ExperimentWords.About(profit.Interval.Low * people, all.Currency), ExperimentWords.About(profit.Interval.High * people, all.Currency),
            Show.Count(people), Show.Count(all.Report.Arms[1].Sums.People), all.Days);
    }

    private static string Percent(int basisPoints) => Show.Percent(basisPoints / 10_000.0, basisPoints % PercentPoints == 0 ? 0 : 2);

    private void OpenHoldout()
    {
        (_holding, Model.Refusal) = (true, null);
        _percent = (Model.Holdout?.Current?.BasisPoints ?? 500) / (decimal)PercentPoints;
    }

    private async Task HoldAsync()
    {
        if (!(await ScopeAsync()).TryGet(out var scope, out _)) return;
        if (await Model.ChangeHoldoutAsync(scope, (int)((_percent ?? 0) * PercentPoints), StateHasChanged, Leaving)) _holding = false;
    }

    private async Task MakeAsync()
    {
        if (!(await ScopeAsync()).TryGet(out var scope, out _)) return;
        if (await Model.CreateAsync(scope, _draft, Leaving) is { } id) Navigation.NavigateTo(Link($"promotions/experiments/{id:D}"));
    }
}
