using MerchantStudio.Core.Outcomes;
using MerchantStudio.Localization;

namespace MerchantStudio.Components.Kit;

/// <summary>A problem's sentence in the reader's language; the English one where no translation is found.</summary>
public static class ProblemText
{
    public static string Of(Problem problem)
    {
        ArgumentNullException.ThrowIfNull(problem);
        var template = Texts.Find("Problems." + problem.Code);
        if (template is null) return problem.Message;
        return problem.Arguments.IsDefaultOrEmpty ? template : Texts.Fill(template, [.. problem.Arguments.Select(Word)]);
    }

    // Names of rights and kinds inside a sentence are translated where a word for them exists.
    private static object Word(object argument) => argument is string text ? Texts.Find("Problems.word-" + text) ?? text : argument;
}
