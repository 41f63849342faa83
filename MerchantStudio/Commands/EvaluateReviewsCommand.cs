using System.Collections.Immutable;
using System.Globalization;
using MerchantStudio.Core.Ingestion;
using MerchantStudio.Core.Ingestion.Text;
using MerchantStudio.Core.Learning.Evaluation.Tables;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Reviews;

namespace MerchantStudio.Commands;

internal sealed class EvaluateReviewsCommand : IStudioCommand
{
    public string Name => "evaluate reviews";

    public string Usage => "FILE [--part SHEET] --text COL (--label COL|--rating COL) [--split hash:SEED] [--models LIST]";

    public string Summary => "Learns sentiment from rated texts and prints its metrics on texts kept aside. Reads what import reads.";

    public bool UsesDataFolder => false;

    public async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var typed = context.Arguments;
        var split = TableSplit.Parse(typed["split"] ?? "hash:1");
        if (split.Problem is { } badSplit) return await context.FailAsync(badSplit);
        if (split.Value.Kind != TableSplitKind.Hash) throw new CommandUsageException("Reviews are split by hash:SEED, so that repeated texts stay on one side.");
        var (label, rating) = (typed["label"], typed["rating"]);
        if (label is null == rating is null) throw new CommandUsageException("Give either --label COL or --rating COL.");
        var read = await ReadAsync(context.FullPath(context.Word(0, "The file")), typed["part"], context.Required("text"), label ?? rating!, cancellationToken);
        if (!read.TryGet(out var table, out var unreadable)) return await context.FailAsync(unreadable);
        var question = new ReviewQuestion(rating is not null, SentimentBounds.Default, split.Value.Seed, List(typed["models"]));
        var report = ReviewEvaluation.Run(table, question, TimeProvider.System, new Lines(context.Error), cancellationToken);
        return report.TryGet(out var found, out var problem) ? await context.SucceedAsync(Printed(found)) : await context.FailAsync(problem);
    }

    internal static async Task<Outcome<ReviewTable>> ReadAsync(string path, string? part, string textColumn, string ratingColumn, CancellationToken cancellationToken)
    {
        var opened = await TableFile.OpenAsync(path, new FileReading { Part = part }, cancellationToken);
        if (!opened.TryGet(out var table, out var problem)) return problem;
        using (table)
        {
            var file = table.Rows;
            int text = file.Columns.IndexOf(textColumn), rating = file.Columns.IndexOf(ratingColumn);
            if (text < 0 || rating < 0) return new Problem("evaluate.no-column", "There is no column '{0}'. The file has: {1}.", text < 0 ? textColumn : ratingColumn, string.Join(", ", file.Columns));
            var (texts, ratings) = (new List<string>(), new List<string>());
            while (file.Read())
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (!file.IsWhole) return new Problem("evaluate.bad-row", "Line {0} does not have the {1} fields of the header. Correct the file and try again.", file.Line, file.Columns.Length);
                texts.Add(file.Text(text));
                ratings.Add(file.Text(rating));
            }

            return new ReviewTable(texts, ratings);
        }
    }

    private static object Printed(ReviewEvaluationReport report) => new
    {
        report.Split,
        report.SplitCheck,
        report.Rows,
        report.LeftOut,
        report.TrainingRows,
        report.ValidationRows,
        report.TestRows,
        Models = report.Models.Select(model => new
        {
            model.Model,
            model.Chosen,
            model.Metrics.MacroF1,
            model.Metrics.Accuracy,
            model.Metrics.LogLoss,
            Rows = model.Metrics.Reviews,
            model.Metrics.Classes,
            model.Metrics.Confusion,
            model.TrainingSeconds,
            model.ScoringSeconds,
            model.PeakMemoryMegabytes,
        }),
    };

    private static ImmutableArray<string> List(string? text) => text is null ? [] : [.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];

    private sealed class Lines(TextWriter error) : IProgress<double>
    {
        public void Report(double value) => error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{value:P0} of the training done"));
    }
}
