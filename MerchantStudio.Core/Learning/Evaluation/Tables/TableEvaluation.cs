using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Learning.Evaluation.Tables;

/// <summary>Fits the model families on any table and measures them on rows kept aside.</summary>
public static class TableEvaluation
{
    /// <summary>Everything is fitted on the training side and chosen on its inner validation side; the test side is scored once.</summary>
    public static Outcome<TableReport> Run(Table table, TableQuestion question, TimeProvider time, IProgress<LearningStep>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(question);
        ArgumentNullException.ThrowIfNull(time);
        if (!LabelledTable.Read(table, question, question.Split.Column).TryGet(out var labelled, out var problem)) return problem;
        var (y, yes) = (labelled.Y, labelled.Yes);
        var split = TableSplitter.Split(table, question.Split, question.Ids);
        if (!split.TryGet(out var sides, out var noSplit)) return noSplit;
        var (training, validation, test) = (sides.TrainingRows, sides.ValidationRows, sides.TestRows);
        if (new[] { training, validation, test }.Any(side => side.Select(row => y[row]).Distinct().Count() < 2))
        {
            return new Problem("evaluate.one-class", "Each side of the split needs rows with and without {0} = {1}. Choose another split or label.", question.Label, yes);
        }

        var encoder = TableEncoder.Fit(table, training, labelled.Exclude);
        if (encoder.Columns.IsEmpty) return new Problem("evaluate.no-columns", "No column is left to learn from.");
        var data = labelled.Encode(encoder, training, validation, test);
        var models = ImmutableArray.CreateBuilder<TableModelReport>();
        models.Add(new TableModelReport(BinaryReport.Majority(data.Y.Average(), data.TestY), 0, 0, 0, "training rate for everyone", []));
        var rule = RuleOfThumb.Find(data.X, data.Y);
        if (rule is not null) models.Add(new TableModelReport(rule.Judge(data.X, data.Y, data.TestX, data.TestY, question.Split.Seed), 0, 0, 0, InWords(rule), []));
        foreach (var trainer in TableTrainers.Of(question, time))
        {
            if (!Measure(trainer, data, question.Split.Seed, time, progress, cancellationToken).TryGet(out var measured, out var unlearnt)) return unlearnt;
            models.Add(measured);
        }

        return new TableReport(
            question.Label, yes, question.Split.ToString(), sides.Check, table.Rows.Count, training.Length, validation.Length, test.Length, y.Average(),
            [.. encoder.Columns.Select(column => new TableColumn(column.Name, column.IsCategorical ? "category" : "number"))], encoder.LeftOut,
            rule is null ? null : InWords(rule), models.ToImmutable());
    }

    private static Outcome<TableModelReport> Measure(IBinaryTrainer trainer, SplitRows data, int seed, TimeProvider time, IProgress<LearningStep>? progress, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        if (!trainer.Train(data.X, data.Y, data.ValidationX, data.ValidationY, seed, progress, cancellationToken).TryGet(out var training, out var problem)) return problem;
        var model = training.Model;
        var taken = time.GetElapsedTime(started);
        var threshold = BinaryReport.BestThreshold(model.Score(data.ValidationX), data.ValidationY);
        started = time.GetTimestamp();
        var scores = model.Score(data.TestX);
        var scoring = time.GetElapsedTime(started);
        return new TableModelReport(BinaryReport.Of(model.Family, scores, data.TestY, threshold, seed), taken.TotalSeconds, scoring.TotalSeconds, PeakMegabytes(), model.Settings, training.Notes);
    }

    private static string InWords(RuleOfThumb rule) => rule.Category is not null
        ? $"{rule.Name} = {rule.Category}"
        : string.Create(CultureInfo.InvariantCulture, $"{rule.Name} {(rule.AtLeast ? ">=" : "<=")} {rule.Cut:G6}");

    private static double PeakMegabytes()
    {
        using var process = Process.GetCurrentProcess();
        return Math.Round(process.PeakWorkingSet64 / 1048576.0, 1);
    }
}
