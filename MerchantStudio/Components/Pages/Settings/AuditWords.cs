using System.Globalization;
using System.Text.RegularExpressions;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Shop;
using MerchantStudio.Localization;

namespace MerchantStudio.Components.Pages.Settings;

/// <summary>What the audit trail keeps in fixed English words, in the reader's.</summary>
internal static partial class AuditWords
{
    /// <summary>Roles, states and named figures are put into words; what a person typed stays as it is.</summary>
    /// <param name="kept">Parts with "; " between, as they were recorded; null for nothing.</param>
    public static string? Say(Texts words, string? kept) =>
        kept is null ? null : string.Join(Show.IsChinese ? "；" : "; ", kept.Split("; ").Select(part => Part(words, part)));

    /// <summary>Who did it: a person's name, or the studio's own.</summary>
    public static string Actor(Texts words, AuditEntry entry) => entry.Actor == Core.Access.Actor.Scheduler.Name ? words["Audit.actor-scheduler"] : entry.Actor;

    private static string Part(Texts words, string part)
    {
        if (part.Length > 0 && part.All(char.IsAsciiLetter) && (Texts.Find($"Settings.role-{part}") ?? Texts.Find($"Promotions.state-{part}") ?? Texts.Find($"Audit.value-{part.ToLowerInvariant()}")) is { } known) return known;
        if (Budget().Match(part) is { Success: true } budget && long.TryParse(budget.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var minor))
        {
            return words["Audit.part-budget", Show.ExactMoney(new Money(minor, budget.Groups[2].Value))];
        }

        if (OpenBudget().IsMatch(part)) return words["Audit.part-budget", words["Audit.value-none"]];
        return Figure().Match(part) is { Success: true } figure
            ? words[$"Audit.part-{figure.Groups[1].Value}", Texts.Find($"Audit.value-{figure.Groups[2].Value}") ?? figure.Groups[2].Value]
            : part;
    }

    [GeneratedRegex("^budget ([0-9]+) minor ([A-Z]{3})$")]
    private static partial Regex Budget();

    [GeneratedRegex("^budget none minor [A-Z]{3}$")]
    private static partial Regex OpenBudget();

    [GeneratedRegex("^(revision|audience) ([0-9]+|open)$")]
    private static partial Regex Figure();
}
