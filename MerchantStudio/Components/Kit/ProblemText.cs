using MerchantStudio.Core.Outcomes;
using MerchantStudio.Localization;

namespace MerchantStudio.Components.Kit;

/// <summary>A problem's sentence in the reader's language; the English one where no translation is found.</summary>
public static class ProblemText
{
    /// <summary>Problems whose first value lists roles of columns: "user_id / anonymous_id, timestamp".</summary>
    private static readonly HashSet<string> OfRoles = ["import.roles-missing", "import.role-twice", "import.key-not-mapped", "import.key-not-unique"];

    public static string Of(Problem problem)
    {
        ArgumentNullException.ThrowIfNull(problem);
        var template = Texts.Find("Problems." + problem.Code);
        if (template is null) return problem.Message;
        return problem.Arguments.IsDefaultOrEmpty ? template : Texts.Fill(template, [.. problem.Arguments.Select((value, place) => place == 0 && OfRoles.Contains(problem.Code) ? RoleNames(value) : Word(value))]);
    }

    private static string RoleNames(object? value) =>
        string.Join(", ", $"{value}".Split(", ").Select(group => string.Join(Texts.Find("Import.or") ?? " / ", group.Split(" / ").Select(key => Texts.Find($"Import.role-{key}") ?? key))));

    // Names of rights and kinds inside a sentence are translated where a word for them exists; a saved segment in a problem is one that is gone.
    private static object Word(object argument) => argument is not string text ? argument
        : text.StartsWith("saved:", StringComparison.Ordinal) ? Texts.Find("Segments.gone") ?? text : Texts.Find("Problems.word-" + text) ?? text;
}
