using System.Globalization;
using MerchantStudio.Core.Insights.Intent;
using MerchantStudio.Core.Learning.Evaluation;
using MerchantStudio.Core.Learning.Planning;
using MerchantStudio.Core.Pipeline.Training;

namespace MerchantStudio.Commands;

internal sealed class TrainCommand : IStudioCommand
{
    private const int UsualHorizon = 7;
    private const int UsualSeconds = 120;
    private const int UsualMegabytes = 1024;

    public string Name => "train";

    public string Usage => "--workspace W [--horizon-days N] [--models LIST] [--time-budget SECONDS] [--memory-budget MEGABYTES]";

    public string Summary => "Trains models within a budget and puts them into the list of versions, none of them live; prints the plan and the leaderboard beside the majority baseline.";

    public async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var typed = context.Arguments;
        if (!(await context.KnownScopeAsync(cancellationToken)).TryGet(out var scope, out var unknown)) return await context.FailAsync(unknown);
        var trainings = context.Services.GetRequiredService<Trainings>();
        var families = Keys(typed["models"], [.. IntentFamilies.All.Select(family => family.Key)]) ?? [.. IntentFamilies.All.Where(family => family.Chosen).Select(family => family.Key)];
        var days = Whole(typed["horizon-days"], UsualHorizon, "days");
        var budget = Budget(typed);
        await context.Error.WriteLineAsync("measure …");
        var measured = await trainings.MeasureAsync(scope, days, cancellationToken);
        if (!measured.TryGet(out var measure, out var missing)) return await context.FailAsync(missing);
        var started = await trainings.StartAsync(scope, new TrainingRequest(days, measure.Plan(families, budget)), cancellationToken);
        if (!started.TryGet(out var id, out var refused)) return await context.FailAsync(refused);
        var last = await JobWatch.FollowAsync(context, scope, id, cancellationToken);
        if (last?.Problem is { } problem) return await context.FailAsync(problem);
        var found = await trainings.FindAsync(scope, id, cancellationToken);
        if (!found.TryGet(out var training, out var gone)) return await context.FailAsync(gone);
        return training.Report is { } report ? await context.SucceedAsync(Printed(report)) : await context.FailAsync(training.Problem ?? new TrainingNotFound());
    }

    private static object Printed(TrainingReport report) => new
    {
        report.HorizonDays,
        report.Seed,
        report.DataHash,
        report.Seconds,
        report.Labels,
        report.Skipped,
        Planned = report.Plan.Families.Select(family => new { family.Family, family.IsLeftOut, family.Rows, family.Settings, family.Seconds, family.Megabytes }),
        report.Training,
        report.Validation,
        report.Test,
        Models = report.Versions.Select(version => (object)new
        {
            version.Family,
            version.Number,
            version.ModelId,
            ValidationLogLoss = version.Validation.LogLoss,
            Test = Figures(version.Test),
            version.Rows,
            version.Settings,
            version.Seconds,
            version.Megabytes,
            version.Stopped,
            version.GivenUp,
            version.PartsTooFar,
            Notes = version.Notes.Select(note => note.ToProblem().Message),
        }),
        Majority = Figures(report.Majority),
        Rule = report.Rule is { } rule ? Figures(rule) : null,
    };

    private static object Figures(BinaryReport report) => new { report.Auroc, AurocLow = report.AurocInterval.Low, AurocHigh = report.AurocInterval.High, Auprc = report.AveragePrecision, report.LogLoss, report.Brier, report.F1 };

    /// <summary>What a training may take, as typed.</summary>
    public static ComputeBudget Budget(CommandArguments typed)
    {
        ArgumentNullException.ThrowIfNull(typed);
        return new ComputeBudget(Whole(typed["time-budget"], UsualSeconds, "seconds"), Whole(typed["memory-budget"], UsualMegabytes, "megabytes"));
    }

    /// <summary>The kinds of models in a list with commas; null when none was typed.</summary>
    public static HashSet<string>? Keys(string? list, IReadOnlyList<string> known)
    {
        var asked = list?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.Ordinal);
        return asked?.FirstOrDefault(key => !known.Contains(key)) is { } stranger ? throw new CommandUsageException($"'{stranger}' is no kind of model. There are: {string.Join(", ", known)}.") : asked;
    }

    private static int Whole(string? text, int usual, string what) => text is null ? usual
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number
        : throw new CommandUsageException($"'{text}' is not a number of {what} above 0.");
}
