using MerchantStudio.Core.Pipeline.NextItem;

namespace MerchantStudio.Commands;

internal sealed class TrainNextProductCommand : IStudioCommand
{
    public string Name => "train next-product";

    public string Usage => "--workspace W [--models LIST] [--time-budget SECONDS] [--memory-budget MEGABYTES]";

    public string Summary => "Trains models of which product a shopper turns to next; prints the leaderboard on each shopper's last product beside popularity.";

    public async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        if (!(await context.KnownScopeAsync(cancellationToken)).TryGet(out var scope, out var unknown)) return await context.FailAsync(unknown);
        var trainings = context.Services.GetRequiredService<NextItemTrainings>();
        var families = TrainCommand.Keys(context.Arguments["models"], [.. NextItemFamilies.All.Select(family => family.Key)]) ?? [.. NextItemFamilies.All.Where(family => family.Chosen).Select(family => family.Key)];
        var budget = TrainCommand.Budget(context.Arguments);
        await context.Error.WriteLineAsync("measure …");
        var measured = await trainings.MeasureAsync(scope, cancellationToken);
        if (!measured.TryGet(out var measure, out var missing)) return await context.FailAsync(missing);
        var started = await trainings.StartAsync(scope, new NextItemRequest(measure.Plan(families, budget)), cancellationToken);
        return await TrainingEnd.PrintAsync(context, scope, started, most => trainings.ListAsync(scope, most, cancellationToken), cancellationToken);
    }
}
