using System.Globalization;
using MerchantStudio.Components.Kit;
using MerchantStudio.Core.Features;
using MerchantStudio.Core.Learning.Evaluation;
using MerchantStudio.Core.Pipeline;
using MerchantStudio.Core.Pipeline.Training;
using MerchantStudio.Localization;

namespace MerchantStudio.Components.Pages.Predictions;

/// <summary>What makes a model doubtful, in a merchant's words with what to do about it.</summary>
internal static class DoubtWords
{
    private const string Leak = "learning.leak";

    private const int MostNamed = 3;

    /// <summary>What training noted, a sentence each; features that give the answer away are told in one.</summary>
    public static IEnumerable<string> All(Texts texts, IReadOnlyList<SavedProblem>? notes)
    {
        var leaks = (notes ?? []).Where(IsOfFeature).ToList();
        if (leaks.Count > 0) yield return LeakOf(texts, leaks);
        foreach (var note in (notes ?? []).Where(note => !IsOfFeature(note))) yield return ProblemText.Of(note.ToProblem());
    }

    public static string Of(Texts texts, SavedProblem note) => IsOfFeature(note) ? LeakOf(texts, [note]) : ProblemText.Of(note.ToProblem());

    /// <summary>A column that is a feature of the studio is called by its name.</summary>
    private static bool IsOfFeature(SavedProblem note) => note is { Code: Leak, Arguments: [{ } column, _] } && FeatureCatalog.Find(column) is not null;

    private static string LeakOf(Texts texts, List<SavedProblem> leaks)
    {
        var names = string.Join(Show.IsChinese ? "、" : ", ", leaks.Take(MostNamed).Select(leak => texts["Models.doubt-quoted", FeatureWords.Name(texts, leak.Arguments[0])]));
        var all = leaks.Count > MostNamed ? texts["Models.doubt-and-more", names, leaks.Count - MostNamed] : names;
        return texts["Models.doubt-leak", all, Show.Number(leaks.Max(leak => double.Parse(leak.Arguments[1], CultureInfo.InvariantCulture)), 3)];
    }

    /// <summary>All that is doubtful about a version that a training made.</summary>
    public static IEnumerable<string> Of(Texts texts, TrainedVersion version)
    {
        if (SaysNothing(texts, version.Test) is { } nothing) yield return nothing;
        if (Parts(texts, version.Gap, version.PartsTooFar) is { } parts) yield return parts;
        foreach (var note in All(texts, version.Notes)) yield return note;
    }

    /// <summary>That the model gives everybody the same chance, whoever is drawn; null where it does not.</summary>
    public static string? SaysNothing(Texts texts, BinaryReport test) => test is { Auroc: 0.5, AurocInterval: { Low: 0.5, High: 0.5 } } ? texts["Models.doubt-nothing"] : null;

    /// <summary>That the model does better on what it learnt from than on later rows; null where it does not.</summary>
    public static string? Parts(Texts texts, double gap, bool tooFar) => tooFar ? texts["Models.doubt-parts", Show.Percent(gap, 0)] : null;
}
