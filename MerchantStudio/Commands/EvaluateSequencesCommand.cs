using System.Globalization;
using MerchantStudio.Core.Learning.Evaluation.Sequences;

namespace MerchantStudio.Commands;

internal sealed class EvaluateSequencesCommand : IStudioCommand
{
    private const int UsualGap = 30;

    public string Name => "evaluate sequences";

    public string Usage => "FILE [--part SHEET] --shopper COL --time COL --event COL --target KIND [--gap MINUTES] [--seen EVENTS] [--epochs N]";

    public string Summary => "Learns from a log of events how a session ends and which kind of event comes next, and prints the metrics on later sessions. Reads what import reads.";

    public bool UsesDataFolder => false;

    public async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var typed = context.Arguments;
        var question = new SequenceQuestion(
            context.Required("shopper"), context.Required("time"), context.Required("event"), context.Required("target"), TimeSpan.FromMinutes(Whole(typed["gap"], UsualGap)));
        question = question with { Seen = Whole(typed["seen"], question.Seen), Epochs = Whole(typed["epochs"], question.Epochs) };
        var read = await EvaluateTableCommand.ReadAsync(context.FullPath(context.Word(0, "The file")), typed["part"], cancellationToken);
        if (!read.TryGet(out var table, out var unreadable)) return await context.FailAsync(unreadable);
        var report = SequenceEvaluation.Run(table, question, new Lines(context.Error), cancellationToken);
        return report.TryGet(out var found, out var problem) ? await context.SucceedAsync(found) : await context.FailAsync(problem);
    }

    private static int Whole(string? text, int usual) => text is null ? usual
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number
        : throw new CommandUsageException($"'{text}' is not a whole number above 0.");

    private sealed class Lines(TextWriter error) : IProgress<string>
    {
        public void Report(string value) => error.WriteLine(value);
    }
}
