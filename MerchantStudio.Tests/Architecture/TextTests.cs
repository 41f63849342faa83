using System.Text.RegularExpressions;
using System.Xml.Linq;
using Xunit;

namespace MerchantStudio.Tests.Architecture;

/// <summary>Both languages say everything: no text is missing, empty or short of a value.</summary>
public sealed partial class TextTests
{
    private const string Chinese = ".zh-CN.resx";

    private static readonly Lazy<Dictionary<string, Dictionary<string, string>>> Files = new(() => Repository.Read("MerchantStudio/Resources", ".resx")
        .ToDictionary(file => Path.GetFileName(file.Name), file => Entries(file.Text), StringComparer.Ordinal));

    [Fact]
    public void Every_text_stands_in_both_languages()
    {
        var missing = new List<string>();
        foreach (var (english, chinese) in Pairs())
        {
            missing.AddRange(Texts(english).Keys.Except(Texts(chinese).Keys).Select(key => $"{chinese}: {key}"));
            missing.AddRange(Texts(chinese).Keys.Except(Texts(english).Keys).Select(key => $"{english}: {key}"));
        }
        None(missing.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void No_text_is_empty() =>
        None(Files.Value.SelectMany(file => file.Value.Where(text => string.IsNullOrWhiteSpace(text.Value)).Select(text => $"{file.Key}: {text.Key}")));

    [Fact]
    public void Both_languages_take_the_same_values() =>
        None(Pairs().SelectMany(pair => Texts(pair.English)
            .Where(text => Texts(pair.Chinese).TryGetValue(text.Key, out var chinese) && !Values(text.Value).SetEquals(Values(chinese)))
            .Select(text => $"{pair.English}: {text.Key}")));

    [Fact]
    public void Every_text_that_a_page_asks_for_exists()
    {
        var asked = Repository.Read("MerchantStudio", ".razor", ".cs")
            .SelectMany(file => TextKey().Matches(Comment().Replace(file.Text, "")).Select(match => (file.Name, Key: match.Groups["key"].Value)));
        None(asked.Where(use => !Exists(use.Key)).Select(use => $"{use.Name}: {use.Key}").Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_problem_has_its_sentence_in_both_languages()
    {
        var codes = Problems().Where(problem => !Exists($"Problems.{problem.Code}")).Select(problem => $"{problem.File}: {problem.Code}");
        None(codes.Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_problems_sentence_takes_the_values_that_the_code_gives() =>
        None(Problems()
            .Where(problem => Texts("Problems.resx").TryGetValue(problem.Code, out var text) && !Values(text).IsSubsetOf(Values(problem.Template)))
            .Select(problem => $"{problem.File}: {problem.Code}").Distinct().Order(StringComparer.Ordinal));

    private static void None(IEnumerable<string> found)
    {
        var list = found.ToList();
        Assert.True(list.Count == 0, string.Join('\n', list));
    }

    private static IEnumerable<(string English, string Chinese)> Pairs() =>
        Files.Value.Keys.Select(name => name.Replace(Chinese, ".resx", StringComparison.Ordinal)).Distinct().Order(StringComparer.Ordinal)
            .Select(english => (english, english.Replace(".resx", Chinese, StringComparison.Ordinal)));

    private static Dictionary<string, string> Texts(string file) => Files.Value.GetValueOrDefault(file) ?? [];

    /// <summary>A key that ends in a hyphen is the beginning of several, put together on the page.</summary>
    private static bool Exists(string key)
    {
        var dot = key.IndexOf('.', StringComparison.Ordinal);
        var texts = Texts($"{key[..dot]}.resx");
        return key.EndsWith('-') ? texts.Keys.Any(name => name.StartsWith(key[(dot + 1)..], StringComparison.Ordinal)) : texts.ContainsKey(key[(dot + 1)..]);
    }

    private static IEnumerable<(string File, string Code, string Template)> Problems() =>
        Repository.Read("MerchantStudio.Core", ".cs").Concat(Repository.Read("MerchantStudio", ".cs"))
            .SelectMany(file => ProblemCode().Matches(file.Text).Select(match => (file.Name, match.Groups["code"].Value, match.Groups["template"].Value)));

    private static Dictionary<string, string> Entries(string resx) =>
        XDocument.Parse(resx).Root!.Elements("data").ToDictionary(data => (string)data.Attribute("name")!, data => (string?)data.Element("value") ?? "", StringComparer.Ordinal);

    private static HashSet<string> Values(string text) => Placeholder().Matches(text).Select(match => match.Groups[1].Value).ToHashSet(StringComparer.Ordinal);

    [GeneratedRegex("""\{(\d+)(?:[,:][^{}]*)?\}""")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"@\*.*?\*@|^\s*//.*?$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Comment();

    /// <summary>T["Home.answer"], T.Of("Home.answer", ...) and Key="Home.answer".</summary>
    [GeneratedRegex("""(?:\bT\[|\bT\.\w+\(|<Say\s[^>]*?\bKey=)"(?<key>[A-Z]\w*\.[\w.-]+)"[\],)\s/>]""")]
    private static partial Regex TextKey();

    /// <summary>A code with its English sentence, as Problem and the records made from it are given them.</summary>
    [GeneratedRegex("""(?:\bProblem|\bnew)\s*\(\s*"(?<code>[a-z][a-z0-9-]*\.[a-z][a-z0-9-]*)"\s*,\s*\$?"(?<template>(?:[^"\\]|\\.)*)"(?=\s*[,)])""")]
    private static partial Regex ProblemCode();
}
