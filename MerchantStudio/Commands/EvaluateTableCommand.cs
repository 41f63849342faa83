using System.Collections.Immutable;
using System.Globalization;
using MerchantStudio.Core.Ingestion;
using MerchantStudio.Core.Ingestion.Text;
using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Evaluation.Folds;
using MerchantStudio.Core.Learning.Evaluation.Tables;
using MerchantStudio.Core.Learning.Evaluation.Tables.Targets;
using MerchantStudio.Core.Learning.Imbalance;
using MerchantStudio.Core.Learning.Trees;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Commands;

internal sealed class EvaluateTableCommand : IStudioCommand
{
    private const int MostColumns = 10_000;

    public string Name => "evaluate table";

    public string Usage => "FILE [--part SHEET] --label COL [--positive V] [--ids COLS] [--split random:SEED|time:COL|hash:SEED] [--models LIST] [--time-budget S] [--folds N] [--rolling COL] [--seed N] [--tune S] [--balance weights|over|under] [--task yes-no|classes|number|count|ranking] [--query COL] [--onnx FOLDER]";

    public string Summary => "Fits the model families on a table and prints their metrics on rows kept aside, once or (--folds, --rolling) fold by fold with mean and deviation. Reads what import reads.";

    public bool UsesDataFolder => false;

    public async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var typed = context.Arguments;
        if ((typed.Has("split") || typed.Has("time-budget")) && (typed.Has("folds") || typed.Has("rolling"))) throw new CommandUsageException("Give either --split and --time-budget, or --folds and --rolling with --tune.");
        var split = TableSplit.Parse(typed["split"] ?? "hash:1");
        if (split.Problem is { } badSplit) return await context.FailAsync(badSplit);
        var question = new TableQuestion(context.Required("label"), typed["positive"], List(typed["ids"]), split.Value, List(typed["models"]), Seconds(typed["time-budget"]), Balance(typed["balance"]));
        var target = Target(typed["task"]);
        if (target is not null && (typed.Has("folds") || typed.Has("rolling") || typed.Has("positive") || typed.Has("time-budget"))) throw new CommandUsageException("Folds, --positive and --time-budget are for yes or no.");
        if (target is not null && typed["balance"] is { } balance && (balance != "weights" || target != TreesObjective.Softmax)) throw new CommandUsageException("Beside yes or no, only classes are balanced, by weights.");
        if (target is null && typed.Has("onnx")) throw new CommandUsageException("--onnx is for classes, numbers, counts and rankings; models for yes or no are saved from the studio.");
        var read = await ReadAsync(context.FullPath(context.Word(0, "The file")), typed["part"], cancellationToken);
        if (!read.TryGet(out var table, out var unreadable)) return await context.FailAsync(unreadable);
        if (target is { } wanted)
        {
            var asked = new TargetQuestion(wanted, question.Label, typed["query"], question.Ids, question.Split, question.Models, typed.Has("balance"));
            var told = TargetEvaluation.Run(table, asked, TimeProvider.System, new FamilyLines(context.Error), cancellationToken);
            if (!told.TryGet(out var answers, out var untold)) return await context.FailAsync(untold);
            if (typed["onnx"] is { } folder) await SaveAsync(answers, context.FullPath(folder), cancellationToken);
            return await context.SucceedAsync(Printed(answers));
        }

        if (typed.Has("folds") || typed.Has("rolling"))
        {
            var folds = new TableFolds(Whole(typed["folds"], 5), typed["rolling"], Whole(typed["seed"], 1), Seconds(typed["tune"]));
            var judged = TableCrossValidation.Run(table, question, folds, TimeProvider.System, new FoldLines(context.Error), cancellationToken);
            return judged.TryGet(out var byFold, out var unjudged) ? await context.SucceedAsync(Printed(byFold, folds)) : await context.FailAsync(unjudged);
        }

        var report = TableEvaluation.Run(table, question, TimeProvider.System, new Lines(context.Error), cancellationToken);
        return report.TryGet(out var found, out var problem) ? await context.SucceedAsync(Printed(found)) : await context.FailAsync(problem);
    }

    /// <summary>One file a family, under its name.</summary>
    private static async Task SaveAsync(TargetReport report, string folder, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        foreach (var model in report.Models.Select(judged => judged.Fitted).OfType<ITargetModel>())
            await File.WriteAllBytesAsync(Path.Combine(folder, $"{model.Family}.onnx"), model.ToOnnx(report.Classes), cancellationToken);
    }

    internal static async Task<Outcome<Table>> ReadAsync(string path, string? part, CancellationToken cancellationToken)
    {
        var opened = await TableFile.OpenAsync(path, new FileReading { MaxColumns = MostColumns, Part = part }, cancellationToken);
        if (!opened.TryGet(out var table, out var problem)) return problem;
        using (table)
        {
            var file = table.Rows;
            var rows = new List<string[]>();
            while (file.Read())
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (!file.IsWhole) return new Problem("evaluate.bad-row", "Line {0} does not have the {1} fields of the header. Correct the file and try again.", file.Line, file.Columns.Length);
                rows.Add([.. Enumerable.Range(0, file.Columns.Length).Select(file.Text)]);
            }

            return new Table(file.Columns, rows);
        }
    }

    private static object Printed(TableReport report) => new
    {
        report.Label,
        report.Positive,
        report.Split,
        report.SplitCheck,
        report.Rows,
        report.TrainingRows,
        report.ValidationRows,
        report.TestRows,
        report.PositiveShare,
        report.Rule,
        report.LeftOut,
        report.Columns,
        Models = report.Models.Select(model => new
        {
            model.Metrics.Model,
            model.Chosen,
            model.Metrics.Auroc,
            AurocLow = model.Metrics.AurocInterval.Low,
            AurocHigh = model.Metrics.AurocInterval.High,
            Auprc = model.Metrics.AveragePrecision,
            model.Metrics.LogLoss,
            model.Metrics.Brier,
            model.Metrics.Threshold,
            model.Metrics.Accuracy,
            model.Metrics.Precision,
            model.Metrics.Recall,
            model.Metrics.F1,
            model.Metrics.Rows,
            model.Metrics.Positives,
            model.TrainingSeconds,
            model.ScoringSeconds,
            model.PeakMemoryMegabytes,
            Notes = model.Notes.Select(note => note.Message),
        }),
    };

    private static object Printed(TargetReport report) => new
    {
        report.Label,
        Target = TargetName(report.Target),
        report.Classes,
        report.Split,
        report.SplitCheck,
        report.Rows,
        report.TrainingRows,
        report.ValidationRows,
        report.TestRows,
        report.LeftOut,
        Models = report.Models.Select(model => new { model.Model, model.Chosen, Metrics = model.Metrics.ToDictionary(metric => metric.Name, metric => metric.Value), model.TrainingSeconds, model.ScoringSeconds, Notes = model.Notes.Select(note => note.Message) }),
    };

    private static object Printed(TableFoldsReport report, TableFolds folds) => new
    {
        report.Label,
        report.Positive,
        report.Rows,
        report.PositiveShare,
        report.LeftOut,
        Folds = folds.Count,
        Rolling = folds.RollingColumn,
        Models = report.Models.Select(model => new
        {
            model.Model,
            Metrics = model.Report.Metrics.ToDictionary(metric => metric.Metric, metric => new { metric.Mean, metric.Deviation }),
            Folds = model.Report.Folds.Select(fold => new { fold.TrainingRows, fold.ValidationRows, fold.Metrics.Rows, fold.Metrics.Positives, fold.Choice, fold.Tried, fold.Metrics.Auroc, Auprc = fold.Metrics.AveragePrecision, fold.Metrics.LogLoss }),
        }),
    };

    private static ImmutableArray<string> List(string? text) => text is null ? [] : [.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];

    private static TimeSpan? Seconds(string? text) => text is null ? null
        : double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) ? TimeSpan.FromSeconds(seconds)
        : throw new CommandUsageException($"'{text}' is not a number of seconds.");

    /// <returns>Null for yes or no.</returns>
    private static TreesObjective? Target(string? text) => text switch
    {
        null or "yes-no" => null,
        "classes" => TreesObjective.Softmax,
        "number" => TreesObjective.Squared,
        "count" => TreesObjective.Poisson,
        "ranking" => TreesObjective.Ranking,
        _ => throw new CommandUsageException($"'{text}' is not a task. Write yes-no, classes, number, count or ranking."),
    };

    private static string TargetName(TreesObjective target) => target switch
    {
        TreesObjective.Softmax => "classes",
        TreesObjective.Squared => "number",
        TreesObjective.Poisson => "count",
        _ => "ranking",
    };

    private static Rebalancing? Balance(string? text) => text switch
    {
        null => null,
        "weights" => Rebalancing.Weights,
        "over" => Rebalancing.OverSampling,
        "under" => Rebalancing.UnderSampling,
        _ => throw new CommandUsageException($"'{text}' does not balance classes. Write weights, over or under."),
    };

    private static int Whole(string? text, int otherwise) => text is null ? otherwise
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw new CommandUsageException($"'{text}' is not a whole number.");

    private sealed class FoldLines(TextWriter error) : IProgress<CrossValidationStep>
    {
        public void Report(CrossValidationStep value) => error.WriteLine($"fold {value.Fold} of {value.Folds}: {(value.IsInner ? "trying" : "judging")} {value.Choice}");
    }

    private sealed class FamilyLines(TextWriter error) : IProgress<string>
    {
        public void Report(string value) => error.WriteLine(value);
    }

    private sealed class Lines(TextWriter error) : IProgress<LearningStep>
    {
        private const int Every = 50;

        public void Report(LearningStep value)
        {
            if (value.Round % Every == 0) error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"round {value.Round}: training loss {value.TrainingLoss:F4}, validation loss {value.ValidationLoss:F4}"));
        }
    }
}
