using System.Collections.Immutable;
using System.Globalization;
using MerchantStudio.Core.Features;
using MerchantStudio.Core.Features.Cleaning;
using MerchantStudio.Core.Features.Horizons;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Pipeline.Serving;

namespace MerchantStudio.Core.Pipeline.Stages;

/// <summary>Builds every shopper's features as of now, and as of each cutoff that the models learn from.</summary>
internal sealed class FeaturesStage : IPipelineStage
{
    public string Key => "features";

    public async Task<Outcome<StageResult>> RunAsync(PipelineState state, PipelineWork work, CancellationToken cancellationToken)
    {
        var session = await work.Warehouse.BeginAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = session.ConfigureAwait(false);
        var asOf = state.AsOf ?? work.Time.GetUtcNow();
        var rows = await FeatureBuilder.BuildAsync(session, new FeatureQuestion(asOf, null, work.Shop.TimeZone), "next_user_features", cancellationToken).ConfigureAwait(false);
        await LiveFeatures.BeginAsync(session, "next_" + LiveFeatures.Table, "next_user_features", cancellationToken).ConfigureAwait(false);
        await CategoryInterest.BuildAsync(session, asOf, cancellationToken).ConfigureAwait(false);
        var plans = await HorizonPlanner.PlanAsync(session, "next_clean_events", asOf, cancellationToken).ConfigureAwait(false);
        var (planned, sections) = Sort(plans, work.Input.HorizonDays);
        var next = state with { Plans = planned, Report = state.Report with { Intent = sections } };
        foreach (var section in sections.Where(section => section.Problem is not null)) next = work.NoteProblem(next, "horizon-not-offered", section.Problem!, section.HorizonDays);
        foreach (var plan in planned)
        {
            await IntentWindows.BuildAsync(session, plan, work.Shop.TimeZone, EventCleaner.CleanedTable, built => work.Progress.Rows(rows += built, null), cancellationToken).ConfigureAwait(false);

            next = work.Note(next, "split", plan.Days, Day(plan.Training[^1]), Day(plan.Validation), Day(plan.Test), Day(plan.Test.AddDays(plan.Days)));
        }

        await FeatureStudy.CorrelateAsync(session, [.. planned.Select(plan => (plan.Days, plan.TestTable))], cancellationToken).ConfigureAwait(false);
        await session.CommitAsync(cancellationToken).ConfigureAwait(false);
        return new StageResult(next, rows);
    }

    private static (ImmutableArray<PlannedHorizon> Planned, ImmutableArray<IntentSection> Sections) Sort(ImmutableArray<HorizonPlan> plans, int? wanted)
    {
        var planned = ImmutableArray.CreateBuilder<PlannedHorizon>();
        var sections = ImmutableArray.CreateBuilder<IntentSection>();
        foreach (var plan in plans)
        {
            var missing = wanted is { } only && only != plan.Days ? new HorizonNotWanted(plan.Days) : plan.Missing;
            sections.Add(new IntentSection(plan.Days, null, missing is null ? null : SavedProblem.Of(missing)));
            if (missing is null) planned.Add(PlannedHorizon.Of(plan));
        }

        return (planned.ToImmutable(), sections.ToImmutable());
    }

    private static string Day(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
