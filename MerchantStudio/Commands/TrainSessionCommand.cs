using MerchantStudio.Core.Pipeline.SessionEnd;

namespace MerchantStudio.Commands;

internal sealed class TrainSessionCommand : IStudioCommand
{
    public string Name => "train session";

    public string Usage => "--workspace W [--models LIST] [--time-budget SECONDS] [--memory-budget MEGABYTES]";

    public string Summary => "Trains models of whether a visit that is under way ends in a purchase; prints the leaderboard on later visits beside the majority and a rule of thumb.";

    public async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        if (!(await context.KnownScopeAsync(cancellationToken)).TryGet(out var scope, out var unknown)) return await context.FailAsync(unknown);
        var trainings = context.Services.GetRequiredService<SessionEndTrainings>();
        var families = TrainCommand.Keys(context.Arguments["models"], [.. SessionEndFamilies.All.Select(family => family.Key)]) ?? [.. SessionEndFamilies.All.Select(family => family.Key)];
        var budget = TrainCommand.Budget(context.Arguments);
        await context.Error.WriteLineAsync("measure …");
        var measured = await trainings.MeasureAsync(scope, cancellationToken);
        if (!measured.TryGet(out var measure, out var missing)) return await context.FailAsync(missing);
        var started = await trainings.StartAsync(scope, new SessionEndRequest(measure.Plan(families, budget)), cancellationToken);
        return await TrainingEnd.PrintAsync(context, scope, started, most => trainings.ListAsync(scope, most, cancellationToken), cancellationToken);
    }
}
