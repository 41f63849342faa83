using System.Collections.Immutable;
using MerchantStudio.Core.Learning.Trees;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Learning.Evaluation.Tables.Targets;

/// <summary>Fits the families that tell a class, a number, a count or an order on any table and measures them on rows kept aside.</summary>
public static class TargetEvaluation
{
    /// <summary>Everything is fitted on the training side and chosen on its inner validation side; the test side is scored once.</summary>
    public static Outcome<TargetReport> Run(Table table, TargetQuestion question, TimeProvider time, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(question);
        ArgumentNullException.ThrowIfNull(time);
        if (Check(question) is { } problem) return problem;
        if (!TargetTable.Read(table, question).TryGet(out var labelled, out var unread)) return unread;
        if (!labelled.Split().TryGet(out var sides, out var unsplit)) return unsplit;
        if (sides.TrainingRows.Length == 0 || sides.ValidationRows.Length == 0 || sides.TestRows.Length == 0) return new Problem("evaluate.empty-side", "A side of the split has no rows. Choose another split or give more rows.");
        if (NotLearnt(labelled, sides) is { } missing) return missing;
        var encoder = labelled.Fit(sides.TrainingRows);
        if (encoder.Columns.IsEmpty) return new Problem("evaluate.no-columns", "No column is left to learn from.");
        var (training, validation, test) = (labelled.Encode(encoder, sides.TrainingRows), labelled.Encode(encoder, sides.ValidationRows), labelled.Encode(encoder, sides.TestRows));
        var models = ImmutableArray.CreateBuilder<TargetModelReport>();
        var baseline = TargetFamilies.Baseline(question.Target, training);
        models.Add(new TargetModelReport(baseline.Name, baseline.Chosen, TargetMetrics.Of(question.Target, baseline.Answers(test.X.Rows), test), 0, 0, null, []));
        ImmutableArray<Problem> leaks = [.. TableCheck.Leaks(training, question.Target)];
        if (question.IsBalanced) training = TargetTable.Balanced(training);
        foreach (var family in TargetFamilies.All.Where(family => question.Models.IsDefaultOrEmpty || question.Models.Contains(family)))
        {
            progress?.Report(family);
            var started = time.GetTimestamp();
            if (!TargetFamilies.Train(family, question.Target, training, validation, question.Split.Seed, cancellationToken).TryGet(out var fitted, out var unlearnt)) return unlearnt;
            var model = fitted.Model;
            var taken = time.GetElapsedTime(started);
            started = time.GetTimestamp();
            var answers = model.Predict(test.X).Value;
            var scoring = time.GetElapsedTime(started);
            models.Add(new TargetModelReport(family, model.Settings, TargetMetrics.Of(question.Target, answers, test), taken.TotalSeconds, scoring.TotalSeconds, model, [.. fitted.Notes, .. leaks]));
        }

        return new TargetReport(
            question.Label, question.Target, labelled.Classes, question.Split.ToString(), sides.Check, table.Rows.Count, sides.TrainingRows.Length, sides.ValidationRows.Length, sides.TestRows.Length,
            encoder.LeftOut, models.ToImmutable());
    }

    private static Problem? Check(TargetQuestion question)
    {
        if (question.Target == TreesObjective.Ranking && (question.Query is null || question.Split.Kind != TableSplitKind.Hash))
            return new Problem("evaluate.ranking-needs-query", "An order needs a column that says which rows belong together (--query) and a split by hash, which keeps them on one side.");
        return TargetFamilies.Check(question.Models);
    }

    private static Problem? NotLearnt(TargetTable labelled, RecordSplit sides)
    {
        if (labelled.Classes.IsEmpty) return null;
        var met = sides.TrainingRows.Select(row => (int)labelled.Y[row]).ToHashSet();
        var unmet = Enumerable.Range(0, labelled.Classes.Length).Where(k => !met.Contains(k)).ToArray();
        return unmet.Length == 0 ? null : new Problem("evaluate.class-not-learnt", "No training row has the class '{0}'. Choose another split, or put rare classes together.", labelled.Classes[unmet[0]]);
    }
}
