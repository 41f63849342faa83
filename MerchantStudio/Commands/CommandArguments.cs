using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace MerchantStudio.Commands;

/// <summary>What was typed after a command's name, read by the command's own usage line.</summary>
internal sealed partial class CommandArguments
{
    private readonly Dictionary<string, string> _options = new(StringComparer.Ordinal);

    /// <summary>What stands alone, in order: names and files.</summary>
    public ImmutableArray<string> Words { get; private set; } = [];

    public string? this[string option] => _options.GetValueOrDefault(option);

    public bool Has(string option) => _options.ContainsKey(option);

    /// <exception cref="CommandUsageException">An unknown option, or one without its value.</exception>
    public static CommandArguments Read(string usage, IEnumerable<string> typed)
    {
        var known = OptionInUsage().Matches($"{usage} [--data DIR]").ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Success, StringComparer.Ordinal);
        var read = new CommandArguments();
        var words = ImmutableArray.CreateBuilder<string>();
        var rest = new Queue<string>(typed);
        while (rest.TryDequeue(out var word))
        {
            if (!word.StartsWith("--", StringComparison.Ordinal))
            {
                words.Add(word);
                continue;
            }

            var equals = word.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? word[2..] : word[2..equals];
            if (!known.TryGetValue(name, out var takesValue)) throw new CommandUsageException($"There is no option --{name}.");
            if (!takesValue) read._options[name] = "true";
            else if (equals >= 0) read._options[name] = word[(equals + 1)..];
            else if (rest.TryDequeue(out var value)) read._options[name] = value;
            else throw new CommandUsageException($"The option --{name} needs a value.");
        }

        read.Words = words.ToImmutable();
        if (read.Words.Length > WordsIn(usage)) throw new CommandUsageException($"'{read.Words[WordsIn(usage)]}' is one word too many; put names with spaces in quotation marks.");
        return read;
    }

    /// <summary>How many words may stand alone: the usage line's capitals that are no option's value.</summary>
    private static int WordsIn(string usage)
    {
        var parts = usage.Split(' ');
        return parts.Where((part, at) => part.Length > 0 && part.All(char.IsAsciiLetterUpper) && (at == 0 || !parts[at - 1].Contains("--", StringComparison.Ordinal))).Count();
    }

    [GeneratedRegex(@"--([a-z][a-z-]*)( (?!--)[^\s\[\]|()]+)?")]
    private static partial Regex OptionInUsage();
}

/// <summary>The command was typed wrongly; the message says how.</summary>
internal sealed class CommandUsageException(string message) : Exception(message)
{
    /// <summary>What was wrong and how the command is typed.</summary>
    public string AsTyped(IStudioCommand command) => $"{Message} Usage: {StudioCommands.Line(command)}";
}
