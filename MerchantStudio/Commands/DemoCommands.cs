using System.Globalization;
using MerchantStudio.Core.Demo;

namespace MerchantStudio.Commands;

internal sealed class DemoGenerateCommand : IStudioCommand
{
    public string Name => "demo generate";

    public string Usage => "[--seed N] [--out DIR]";

    public string Summary => "Writes the demo shop's files: demo.db, the same rows as compressed CSV, and the planted truth.";

    public bool UsesDataFolder => false;

    public async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var typed = context.Arguments["seed"] ?? "1";
        if (!int.TryParse(typed, NumberStyles.None, CultureInfo.InvariantCulture, out var seed)) throw new CommandUsageException($"'{typed}' is not a seed: a whole number from 0 on.");
        return await context.SucceedAsync(await DemoGenerator.WriteAsync(seed, context.FullPath(context.Arguments["out"] ?? "sample-data"), cancellationToken));
    }
}
