using System.Collections.Immutable;
using MerchantStudio.Core.Learning.Evaluation.Folds;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Learning.Evaluation.Tables;

/// <param name="Count">How many folds.</param>
/// <param name="RollingColumn">Learn from what lies before and test on what follows by this column; null for stratified folds.</param>
/// <param name="Seed">Of the folds and of every training.</param>
/// <param name="Tuning">How long each family may try settings in inner folds; null takes its usual settings.</param>
public sealed record TableFolds(int Count, string? RollingColumn, int Seed, TimeSpan? Tuning);

/// <param name="Model">The family; "majority" for the training rate for everyone.</param>
public sealed record TableModelFolds(string Model, CrossValidationReport Report);

public sealed record TableFoldsReport(string Label, string Positive, int Rows, double PositiveShare, ImmutableArray<string> LeftOut, ImmutableArray<TableModelFolds> Models);

/// <summary>Judges the families on any table fold by fold.</summary>
public static class TableCrossValidation
{
    /// <param name="question">Its split and time budget are not looked at.</param>
    public static Outcome<TableFoldsReport> Run(Table table, TableQuestion question, TableFolds folds, TimeProvider time, IProgress<CrossValidationStep>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(question);
        ArgumentNullException.ThrowIfNull(folds);
        ArgumentNullException.ThrowIfNull(time);
        if (!LabelledTable.Read(table, question, folds.RollingColumn).TryGet(out var labelled, out var problem)) return problem;
        if (!Plan(table, folds).TryGet(out var plan, out var unplanned)) return unplanned;
        if (!plan.Deal([.. Enumerable.Range(0, labelled.Y.Length)], labelled.Y).TryGet(out var dealt, out var undealt)) return undealt;
        var models = ImmutableArray.CreateBuilder<TableModelFolds>();
        models.Add(new TableModelFolds("majority", new CrossValidationReport([.. dealt.Select(fold => Majority(labelled.Y, fold))])));
        var validation = new CrossValidation(fold => labelled.Encode(TableEncoder.Fit(table, fold.Training, labelled.Exclude), fold.Training, fold.Validation, fold.Test), labelled.Y, plan, folds.Seed, time);
        foreach (var (family, choices) in Families(question, folds, time))
        {
            if (!validation.Run(choices, folds.Tuning, progress, cancellationToken).TryGet(out var report, out var unlearnt)) return unlearnt;
            models.Add(new TableModelFolds(family, report));
        }

        var leftOut = TableEncoder.Fit(table, dealt[0].Training, labelled.Exclude).LeftOut;
        return new TableFoldsReport(question.Label, labelled.Yes, table.Rows.Count, labelled.Y.Average(), leftOut, models.ToImmutable());
    }

    private static Outcome<FoldPlan> Plan(Table table, TableFolds folds)
    {
        if (folds.RollingColumn is null) return new StratifiedFolds(folds.Count, folds.Seed);
        return TableSplitter.Moments(table, folds.RollingColumn).TryGet(out var times, out var problem) ? new RollingFolds(folds.Count, [.. times]) : problem;
    }

    private static IEnumerable<(string Family, ImmutableArray<TrainerChoice> Choices)> Families(TableQuestion question, TableFolds folds, TimeProvider time) => folds.Tuning is not null
        ? TableTrainers.Choices(question)
        : TableTrainers.Of(question with { TimeBudget = null }, time).Select(trainer => (trainer.Family, ImmutableArray.Create(new TrainerChoice("usual", trainer))));

    private static FoldReport Majority(float[] y, Fold fold) =>
        new(fold.Training.Length, fold.Validation.Length, "training rate for everyone", 1, BinaryReport.Majority(SplitRows.Pick(y, fold.Training).Average(), SplitRows.Pick(y, fold.Test)));
}
