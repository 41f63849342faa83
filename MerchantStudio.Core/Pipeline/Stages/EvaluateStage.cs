using System.Collections.Immutable;
using MerchantStudio.Core.Insights.Intent;
using MerchantStudio.Core.Learning.Registry;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Pipeline.Stages;

/// <summary>Opens the test windows, once.</summary>
internal sealed class EvaluateStage(ModelStore models) : IPipelineStage
{
    public string Key => "evaluate";

    public async Task<Outcome<StageResult>> RunAsync(PipelineState state, PipelineWork work, CancellationToken cancellationToken)
    {
        var next = state;
        long rows = 0;
        foreach (var trained in state.Trained)
        {
            var plan = state.Plans.Single(plan => plan.Days == trained.Days);
            var question = await IntentWindows.ReadAsync(work.Warehouse, plan, state.Report.Seed, null, cancellationToken).ConfigureAwait(false);
            var candidates = ImmutableArray.CreateBuilder<IntentCandidate>();
            foreach (var model in trained.Models)
            {
                var file = await models.OpenAsync(model.FileHash, cancellationToken).ConfigureAwait(false);
                await using var _ = file.ConfigureAwait(false);
                candidates.Add(new IntentCandidate(IntentModel.Load(file), model.Training));
            }

            var report = IntentEvaluator.Evaluate(question, candidates.ToImmutable(), cancellationToken);
            rows += question.Test.Y.Length;
            next = next with { Report = next.Report with { Intent = [.. next.Report.Intent.Select(section => section.HorizonDays == trained.Days ? section with { Report = report } : section)] } };
            if (ModelFigures.Of(report) is { PartsTooFar: true } figures) next = work.Note(next, "parts", trained.Days, report.Published, Math.Round(100 * figures.Gap));
            next = work.Note(next, "evaluated", trained.Days, report.Published, Math.Round(report.Best.Test.Auroc, 3), Math.Round(report.Best.Test.LogLoss, 4), Math.Round(report.Majority.LogLoss, 4));
        }

        return new StageResult(next, rows);
    }
}
