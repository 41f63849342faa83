using System.Collections.Immutable;

namespace MerchantStudio.Commands;

/// <summary>Every command but <c>serve</c>; a new one is a line here.</summary>
internal static class StudioCommands
{
    public static ImmutableArray<IStudioCommand> All { get; } =
    [
        new WorkspaceCreateCommand(),
        new WorkspaceListCommand(),
        new ImportCommand(),
        new ExportCommand(),
        new DemoGenerateCommand(),
        new DemoResetCommand(),
        new EvaluateTableCommand(),
        new PipelineCommand(),
        new TrainCommand(),
        new TrainNextProductCommand(),
        new TrainSessionCommand(),
        new EvaluateReviewsCommand(),
        new EvaluateSequencesCommand(),
    ];

    /// <summary>The command that the words begin with and what is left of them; null when there is none.</summary>
    public static (IStudioCommand Command, ImmutableArray<string> Left)? Find(IReadOnlyList<string> words)
    {
        var typed = string.Join(' ', words) + " ";
        var command = All.Where(command => typed.StartsWith(command.Name + " ", StringComparison.Ordinal)).MaxBy(command => command.Name.Length);
        return command is null ? null : (command, [.. words.Skip(command.Name.Split(' ').Length)]);
    }

    /// <summary>The command as it is typed.</summary>
    public static string Line(IStudioCommand command) => $"MerchantStudio {command.Name} {command.Usage}".TrimEnd();

    /// <param name="only">Null for all of them.</param>
    public static async Task PrintHelpAsync(TextWriter to, IStudioCommand? only = null)
    {
        if (only is not null)
        {
            await to.WriteLineAsync($"{Line(only)}\n    {only.Summary}");
            return;
        }

        await to.WriteLineAsync("MerchantStudio [serve] [--data DIR] [--urls URL] [--allow-network]");
        await to.WriteLineAsync("    Serves the studio in the browser; http://localhost:5080 unless --urls says otherwise.");
        foreach (var command in All)
        {
            await to.WriteLineAsync(Line(command));
            await to.WriteLineAsync($"    {command.Summary}");
        }

        await to.WriteLineAsync("Every command takes --data DIR (default: studio-data). JSON goes to standard output, progress to standard error.");
    }
}
