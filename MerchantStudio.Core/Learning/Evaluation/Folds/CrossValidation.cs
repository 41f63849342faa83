using System.Collections.Immutable;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Learning.Evaluation.Folds;

/// <summary>Judges a family on rows it has not seen, several times; with several choices of settings, each fold chooses among them by an inner cross-validation of its own known rows.</summary>
/// <param name="rows">Makes a fold's matrices; whatever is fitted to make them is fitted on the fold's training rows.</param>
/// <param name="y">1 or 0 for each row of the table.</param>
/// <param name="plan">How rows are dealt out, also within a fold.</param>
/// <param name="seed">Of every training.</param>
/// <param name="time">The clock of the budget.</param>
/// <remarks>Varma and Simon, Bias in error estimation when using cross-validation for model selection, BMC Bioinformatics 7, 2006 (why the folds that choose must not judge).</remarks>
public sealed class CrossValidation(Func<Fold, SplitRows> rows, float[] y, FoldPlan plan, int seed, TimeProvider time)
{
    private const int InnerFolds = 3;

    /// <summary>Of a table whose columns need no fitting.</summary>
    public static CrossValidation Of(FeatureMatrix x, float[] y, FoldPlan plan, int seed, TimeProvider time) =>
        new(fold => SplitRows.Of(x, y, fold.Training, fold.Validation, fold.Test), y, plan, seed, time);

    /// <param name="choices">What to choose among; one is only judged. The first is taken where the time does not allow to try.</param>
    /// <param name="budget">For all trying together, shared evenly between folds; null for no limit. The folds' own trainings come on top.</param>
    /// <param name="progress">Told before each training.</param>
    /// <param name="cancellationToken">Looked at within each training.</param>
    public Outcome<CrossValidationReport> Run(ImmutableArray<TrainerChoice> choices, TimeSpan? budget, IProgress<CrossValidationStep>? progress, CancellationToken cancellationToken)
    {
        if (!plan.Deal([.. Enumerable.Range(0, y.Length)], y).TryGet(out var folds, out var undealt)) return undealt;
        var reports = ImmutableArray.CreateBuilder<FoldReport>(folds.Length);
        foreach (var fold in folds)
        {
            var place = new Place(reports.Count + 1, folds.Length, progress);
            if (!Choose(fold, choices, budget / folds.Length, place, cancellationToken).TryGet(out var chosen, out var problem)) return problem;
            place.Report(chosen.Choice, isInner: false);
            var split = rows(fold);
            if (!Fit(chosen.Choice, split, cancellationToken).TryGet(out var training, out var unlearnt)) return unlearnt;
            var threshold = BinaryReport.BestThreshold(training.Model.Score(split.ValidationX), split.ValidationY);
            reports.Add(new FoldReport(fold.Training.Length, fold.Validation.Length, chosen.Choice.Name, chosen.Tried, BinaryReport.Of(training.Model.Family, training.Model.Score(split.TestX), split.TestY, threshold, seed)));
        }

        return new CrossValidationReport(reports.MoveToImmutable());
    }

    /// <summary>The choice with the lowest mean log-loss over inner folds of the rows that the fold may know; one that the time cuts off does not count.</summary>
    private Outcome<Chosen> Choose(Fold fold, ImmutableArray<TrainerChoice> choices, TimeSpan? budget, Place place, CancellationToken cancellationToken)
    {
        if (choices.Length == 1) return new Chosen(choices[0], 1);
        if (!(plan with { Count = InnerFolds }).Deal(fold.Known, y).TryGet(out var inner, out var undealt)) return undealt;
        var started = time.GetTimestamp();
        SplitRows[] splits = [.. inner.Select(rows)];
        var (best, bestLoss, tried) = (choices[0], double.PositiveInfinity, 0);
        foreach (var choice in choices)
        {
            var sum = 0.0;
            foreach (var split in splits)
            {
                if (budget is { } most && time.GetElapsedTime(started) >= most) return new Chosen(best, Math.Max(1, tried));
                place.Report(choice, isInner: true);
                if (!Fit(choice, split, cancellationToken).TryGet(out var training, out var problem)) return problem;
                sum += BinaryMetrics.LogLoss(training.Model.Score(split.TestX), split.TestY);
            }

            tried++;
            if (sum < bestLoss) (best, bestLoss) = (choice, sum);
        }

        return new Chosen(best, tried);
    }

    private Outcome<BinaryTraining> Fit(TrainerChoice choice, SplitRows split, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return choice.Trainer.Train(split.X, split.Y, split.ValidationX, split.ValidationY, seed, null, cancellationToken);
    }

    private sealed record Chosen(TrainerChoice Choice, int Tried);

    private sealed record Place(int Fold, int Folds, IProgress<CrossValidationStep>? Progress)
    {
        public void Report(TrainerChoice choice, bool isInner) => Progress?.Report(new CrossValidationStep(Fold, Folds, choice.Name, isInner));
    }
}
