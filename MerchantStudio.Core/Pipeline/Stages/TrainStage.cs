using System.Collections.Immutable;
using MerchantStudio.Core.Insights.Intent;
using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Registry;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Pipeline.Training;
using MerchantStudio.Core.Quality.Drift;
using MerchantStudio.Core.Reviews;

namespace MerchantStudio.Core.Pipeline.Stages;

/// <summary>Fits the intent models of each offered horizon, then the sentiment of reviews; model files go to the store at once.</summary>
internal sealed class TrainStage(ModelStore models, SentimentPipeline sentiment) : IPipelineStage
{
    /// <summary>Training rows differ little between horizons; the spread of one of them is kept to measure drift by.</summary>
    private const int DescribedHorizon = 7;

    public string Key => "train";

    public async Task<Outcome<StageResult>> RunAsync(PipelineState state, PipelineWork work, CancellationToken cancellationToken)
    {
        var started = work.Time.GetTimestamp();
        bool GoOn() => !work.FinishEarly() && InTime();
        bool InTime() => work.Input.TimeBudgetSeconds is not { } budget || work.Time.GetElapsedTime(started).TotalSeconds < budget;
        var trained = ImmutableArray.CreateBuilder<TrainedHorizon>();
        var next = state;
        long rows = 0;
        var described = state.Plans.FirstOrDefault(plan => plan.Days == DescribedHorizon) ?? state.Plans.FirstOrDefault();
        foreach (var plan in state.Plans)
        {
            var read = await IntentWindows.ReadAsync(work.Warehouse, plan, state.Report.Seed, GoOn, cancellationToken).ConfigureAwait(false);
            var question = read with { StopHere = work.FinishEarly, Preparation = PreparationSettings.Of(work.Shop.SettingsJson) };
            if (plan == described) await DescribeAsync(work, question.Training.X, cancellationToken).ConfigureAwait(false);
            rows += question.Training.Y.Length + question.Validation.Y.Length;
            if (!IntentTrainer.Train(question, work.Time, work.Progress, cancellationToken).TryGet(out var candidates, out var problem)) return problem;
            var kept = ImmutableArray.CreateBuilder<TrainedModel>();
            foreach (var candidate in candidates)
            {
                ImmutableArray<SavedProblem> doubts = [.. candidate.Notes.Select(SavedProblem.Of)];
                kept.Add(new TrainedModel(await models.SaveAsync(candidate.Model.Save, cancellationToken).ConfigureAwait(false), candidate.Training, Stopped: !GoOn(), doubts));
                foreach (var doubt in doubts.DistinctBy(doubt => doubt.Code)) next = work.NoteProblem(next, "doubt", doubt, plan.Days, candidate.Training.Family);
                next = work.Note(next, "trained", plan.Days, candidate.Training.Family, Math.Round(candidate.Training.Validation.LogLoss, 4), Math.Round(candidate.Training.Seconds, 1));
            }

            trained.Add(new TrainedHorizon(plan.Days, kept.ToImmutable(), TrainingWindows.HashOf(question)));
        }

        if (work.FinishEarly()) next = work.Note(next, "stopped-early");
        next = next with { Trained = trained.ToImmutable() };
        var (withSentiment, reviews) = await LearnSentimentAsync(next, work, cancellationToken).ConfigureAwait(false);
        return new StageResult(withSentiment, rows + reviews);
    }

    private static async Task DescribeAsync(PipelineWork work, FeatureMatrix training, CancellationToken cancellationToken)
    {
        var session = await work.Warehouse.BeginAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = session.ConfigureAwait(false);
        await DriftTables.WriteBaselineAsync(session, "next_" + DriftTables.Baseline, PopulationStability.Describe(training), cancellationToken).ConfigureAwait(false);
        await session.CommitAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task<(PipelineState State, long Reviews)> LearnSentimentAsync(PipelineState state, PipelineWork work, CancellationToken cancellationToken)
    {
        var session = await work.Warehouse.BeginAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = session.ConfigureAwait(false);
        var learnt = await sentiment.RunAsync(session, PipelineSettings.Sentiment(work.Shop), state.Report.Seed, null, cancellationToken).ConfigureAwait(false);
        await session.CommitAsync(cancellationToken).ConfigureAwait(false);
        var section = learnt.TryGet(out var report, out var problem) ? new ReportSection<SentimentReport>(report, null) : new ReportSection<SentimentReport>(null, SavedProblem.Of(problem));
        var next = state with { Report = state.Report with { Sentiment = section } };
        if (report is not null) return (work.Note(next, "sentiment", report.Labelled, Math.Round(report.Metrics.MacroF1, 3)), report.Reviews);
        return (work.NoteProblem(next, "sentiment-missing", section.Problem!), 0);
    }
}
