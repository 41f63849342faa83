using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using MerchantStudio.Core.Learning.Bayes;
using MerchantStudio.Core.Learning.Linear;
using MerchantStudio.Core.Learning.Networks.Tables;
using MerchantStudio.Core.Learning.Trees;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Learning.Evaluation.Tables;

/// <summary>Fits the model families on any table and measures them on rows kept aside.</summary>
public static class TableEvaluation
{
    private static readonly string[] YesWords = ["true", "1", "yes", "y", "是"];

    /// <summary>Everything is fitted on the training side and chosen on its inner validation side; the test side is scored once.</summary>
    public static Outcome<TableReport> Run(Table table, TableQuestion question, TimeProvider time, IProgress<LearningStep>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(question);
        ArgumentNullException.ThrowIfNull(time);
        if (Check(table, question) is { } problem) return problem;
        var label = table.Header.IndexOf(question.Label);
        var positive = PositiveValue(table, label, question.Positive);
        if (!positive.TryGet(out var yes, out var unclear)) return unclear;
        var split = TableSplitter.Split(table, question);
        if (!split.TryGet(out var sides, out var noSplit)) return noSplit;
        var (training, validation, test) = (sides.TrainingRows, sides.ValidationRows, sides.TestRows);
        var y = Enumerable.Range(0, table.Rows.Count).Select(row => TableEncoder.Cell(table, row, label) == yes ? 1f : 0f).ToArray();
        if (new[] { training, validation, test }.Any(side => side.Select(row => y[row]).Distinct().Count() < 2))
        {
            return new Problem("evaluate.one-class", "Each side of the split needs rows with and without {0} = {1}. Choose another split or label.", question.Label, yes);
        }

        var exclude = question.Ids.Select(id => table.Header.IndexOf(id)).Append(label).ToHashSet();
        var encoder = TableEncoder.Fit(table, training, exclude);
        if (encoder.Columns.IsEmpty) return new Problem("evaluate.no-columns", "No column is left to learn from.");
        var data = new Sides(encoder.Encode(table, training), Pick(y, training), encoder.Encode(table, validation), Pick(y, validation), encoder.Encode(table, test), Pick(y, test));
        var models = ImmutableArray.CreateBuilder<TableModelReport>();
        models.Add(new TableModelReport(BinaryReport.Majority(data.Y.Average(), data.TestY), 0, 0, 0, "training rate for everyone", []));
        var rule = RuleOfThumb.Find(data.X, data.Y);
        if (rule is not null) models.Add(new TableModelReport(rule.Judge(data.X, data.Y, data.TestX, data.TestY, question.Split.Seed), 0, 0, 0, InWords(rule), []));
        foreach (var trainer in Trainers(question, time))
        {
            if (!Measure(trainer, data, question.Split.Seed, time, progress, cancellationToken).TryGet(out var measured, out var unlearnt)) return unlearnt;
            models.Add(measured);
        }

        return new TableReport(
            question.Label, yes, question.Split.ToString(), sides.Check, table.Rows.Count, training.Length, validation.Length, test.Length, y.Average(),
            [.. encoder.Columns.Select(column => new TableColumn(column.Name, column.IsCategorical ? "category" : "number"))], encoder.LeftOut,
            rule is null ? null : InWords(rule), models.ToImmutable());
    }

    private sealed record Sides(FeatureMatrix X, float[] Y, FeatureMatrix ValidationX, float[] ValidationY, FeatureMatrix TestX, float[] TestY);

    private static Problem? Check(Table table, TableQuestion question)
    {
        if (!table.Header.Contains(question.Label)) return new Problem("evaluate.no-label", "There is no column '{0}'. The file has: {1}.", question.Label, string.Join(", ", table.Header));
        var unknown = question.Ids.FirstOrDefault(id => !table.Header.Contains(id));
        if (unknown is not null) return new Problem("evaluate.no-id-column", "There is no column '{0}' to leave out.", unknown);
        var model = question.Models.FirstOrDefault(name => name is not (NaiveBayesModel.FamilyName or LogisticModel.FamilyName or BoostedTreesModel.FamilyName or MlpModel.FamilyName));
        return model is null ? null : new Problem("evaluate.unknown-model", "'{0}' is not a model. Choose from bayes, logistic, trees and mlp.", model);
    }

    private static Outcome<string> PositiveValue(Table table, int label, string? wanted)
    {
        var values = Enumerable.Range(0, table.Rows.Count).GroupBy(row => TableEncoder.Cell(table, row, label), StringComparer.Ordinal).Select(group => (Value: group.Key, Rows: group.Count())).ToArray();
        if (wanted is not null)
        {
            return values.Any(value => value.Value == wanted) ? wanted : new Problem("evaluate.no-positive", "No row has the value '{0}' in the label column.", wanted);
        }

        if (values.Length != 2) return new Problem("evaluate.not-two-values", "The label column has {0} different values; say which one counts as yes with --positive.", values.Length);
        var yes = values.Where(value => YesWords.Contains(value.Value, StringComparer.OrdinalIgnoreCase)).ToArray();
        return yes.Length == 1 ? yes[0].Value : values.OrderBy(value => value.Rows).ThenBy(value => value.Value, StringComparer.Ordinal).First().Value;
    }

    private static IEnumerable<IBinaryTrainer> Trainers(TableQuestion question, TimeProvider time)
    {
        var started = time.GetTimestamp();
        if (Wanted(NaiveBayesModel.FamilyName)) yield return new NaiveBayesTrainer();
        if (Wanted(LogisticModel.FamilyName)) yield return new LogisticTrainer();
        if (Wanted(BoostedTreesModel.FamilyName))
        {
            yield return new BoostedTreesTrainer(TreesSearch.Settings, goOn: () => question.TimeBudget is not { } budget || time.GetElapsedTime(started) < budget);
        }

        if (Wanted(MlpModel.FamilyName)) yield return new MlpTrainer(time: time);

        bool Wanted(string family) => question.Models.IsDefaultOrEmpty || question.Models.Contains(family);
    }

    private static Outcome<TableModelReport> Measure(IBinaryTrainer trainer, Sides data, int seed, TimeProvider time, IProgress<LearningStep>? progress, CancellationToken cancellationToken)
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

    private static float[] Pick(float[] values, int[] rows) => [.. rows.Select(row => values[row])];
}
