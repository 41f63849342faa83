using System.Collections.Immutable;

namespace MerchantStudio.Components.Pages.Predictions;

/// <summary>A question that models can be trained for.</summary>
/// <param name="Key">Its name lies under "Training.question-" and this.</param>
/// <param name="Path">Of its page, below the shop.</param>
public sealed record TrainingQuestion(string Key, string Path);

/// <summary>The questions of the training page's switch, each with a page of its own.</summary>
public static class TrainingQuestions
{
    public static TrainingQuestion Intent { get; } = new("intent", "training");

    public static TrainingQuestion NextItem { get; } = new("next-item", "training/next");

    public static TrainingQuestion SessionEnd { get; } = new("session-end", "training/visit");

    public static ImmutableArray<TrainingQuestion> All { get; } = [Intent, NextItem, SessionEnd];
}
