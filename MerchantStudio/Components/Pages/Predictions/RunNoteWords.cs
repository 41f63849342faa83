using System.Globalization;
using MerchantStudio.Core.Pipeline;
using MerchantStudio.Localization;

namespace MerchantStudio.Components.Pages.Predictions;

/// <summary>A run's notes in the reader's language, while it works and afterwards.</summary>
internal static class RunNoteWords
{
    /// <summary>Notes whose first value is a horizon.</summary>
    private static readonly HashSet<string> DayNotes = ["horizon-not-offered", "split", "trained", "evaluated", "shadow-failed", "doubt", "parts"];

    /// <param name="report">The ended run's; null while it works.</param>
    /// <param name="today">Days of this year are told without it.</param>
    public static string Text(Texts texts, PipelineNote note, PipelineReport? report, DateOnly today)
    {
        object[] words = [.. note.Arguments.Select(argument => Word(argument, today))];
        if (DayNotes.Contains(note.Key)) words[0] = FeatureWords.Days(texts, int.Parse(note.Arguments[0], CultureInfo.InvariantCulture));
        if (ProblemOf(note, report) is { } problem) words[^1] = DoubtWords.Of(texts, problem);
        return texts["Runs.note-" + note.Key, words];
    }

    /// <summary>Runs from before notes kept their problem have it in the report.</summary>
    private static SavedProblem? ProblemOf(PipelineNote note, PipelineReport? report) => note.Problem ?? note.Key switch
    {
        "horizon-not-offered" => report?.Intent.FirstOrDefault(section => note.Arguments[0] == section.HorizonDays.ToString(CultureInfo.InvariantCulture))?.Problem,
        "sentiment-missing" => report?.Sentiment?.Problem,
        _ => null,
    };

    /// <summary>Numbers and days as people read them, families and features by their names.</summary>
    private static string Word(string argument, DateOnly today) =>
        DateOnly.TryParseExact(argument, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? Show.Day(day, today)
        : long.TryParse(argument, CultureInfo.InvariantCulture, out var whole) ? Show.Count(whole)
        : Texts.Find("Models.family-" + argument) ?? Texts.Find($"Features.{argument}.name") ?? argument;
}
