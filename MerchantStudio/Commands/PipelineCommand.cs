using System.Globalization;
using MerchantStudio.Core.Learning.Evaluation;
using MerchantStudio.Core.Pipeline;

namespace MerchantStudio.Commands;

internal sealed class PipelineCommand : IStudioCommand
{
    public string Name => "pipeline";

    public string Usage => "--workspace W [--as-of DATE] [--horizon-days N] [--time-budget SECONDS] [--override-quality REASON]";

    public string Summary => "Cleans, learns, scores and publishes; prints each stage and each model beside the majority baseline.";

    public async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var typed = context.Arguments;
        if (!(await context.KnownScopeAsync(cancellationToken)).TryGet(out var scope, out var unknown)) return await context.FailAsync(unknown);
        var input = new PipelineJobInput(AsOf(typed["as-of"]), Whole(typed["horizon-days"], "days"), Whole(typed["time-budget"], "seconds"), typed["override-quality"], "command");
        var runs = context.Services.GetRequiredService<PipelineRuns>();
        var started = await runs.StartAsync(scope, input, cancellationToken);
        if (!started.TryGet(out var id, out var refused)) return await context.FailAsync(refused);
        var last = await JobWatch.FollowAsync(context, scope, id, cancellationToken);
        if (last?.Problem is { } problem) return await context.FailAsync(problem);
        var listed = await runs.ListAsync(scope, 50, cancellationToken);
        if (!listed.TryGet(out var summaries, out var unread)) return await context.FailAsync(unread);
        var run = summaries.FirstOrDefault(run => run.JobId == id);
        if (run?.PublishedAt is null) return await context.FailAsync(run?.Problem?.ToProblem() ?? new RunNotFound());
        var details = await runs.FindAsync(scope, run.Number, cancellationToken);
        return details.TryGet(out var found, out var gone) ? await context.SucceedAsync(Printed(found)) : await context.FailAsync(gone);
    }

    private static object Printed(RunDetails run) => new
    {
        Run = run.Summary.Number,
        Seconds = Math.Round(run.Summary.Seconds, 2),
        run.Report!.AsOf,
        run.Summary.Seed,
        run.Summary.DataHash,
        Stages = run.Summary.Stages.Select(stage => new { Stage = stage.Key, stage.State, stage.Rows, Seconds = Math.Round(stage.Seconds, 3) }),
        run.Report.Cleaning,
        Quality = run.Report.Quality?.Score,
        Intent = run.Report.Intent.Select(section => new
        {
            section.HorizonDays,
            Missing = section.Problem?.ToProblem().Message,
            section.Report?.Published,
            Training = section.Report?.Training,
            Validation = section.Report?.Validation,
            Test = section.Report?.Test,
            Models = section.Report?.Models.Select(model => Figures(model.Test)).Prepend(Figures(section.Report.Majority)).Concat(section.Report.Rule is { } rule ? [Figures(rule.Test)] : []),
        }),
        Segments = run.Report.Segments?.Report is { } segments ? (object)new { segments.Shoppers, segments.Customers, Clusters = segments.Clusters?.K } : new { Missing = run.Report.Segments?.Problem?.ToProblem().Message },
        Sentiment = run.Report.Sentiment?.Report is { } sentiment ? (object)new { sentiment.Reviews, sentiment.Metrics.MacroF1, sentiment.Metrics.Accuracy, MajorityMacroF1 = sentiment.Majority.MacroF1, MajorityAccuracy = sentiment.Majority.Accuracy } : new { Missing = run.Report.Sentiment?.Problem?.ToProblem().Message },
    };

    private static object Figures(BinaryReport report) => new
    {
        report.Model,
        report.Auroc,
        AurocLow = report.AurocInterval.Low,
        AurocHigh = report.AurocInterval.High,
        Auprc = report.AveragePrecision,
        report.LogLoss,
        report.Brier,
        report.Accuracy,
        report.F1,
    };

    private static DateTimeOffset? AsOf(string? text) => text is null ? null
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at
        : throw new CommandUsageException($"'{text}' is not a date.");

    private static int? Whole(string? text, string what) => text is null ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw new CommandUsageException($"'{text}' is not a number of {what}.");
}
