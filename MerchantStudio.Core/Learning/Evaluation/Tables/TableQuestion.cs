using System.Collections.Immutable;
using System.Globalization;
using MerchantStudio.Core.Learning.Imbalance;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Learning.Evaluation.Tables;

/// <summary>A file's cells as text.</summary>
public sealed record Table(ImmutableArray<string> Header, IReadOnlyList<string[]> Rows);

public enum TableSplitKind
{
    Random,
    Time,
    Hash,
}

/// <param name="Seed">For random and hash.</param>
/// <param name="Column">For time: rows are ordered by it and the last fifth tests.</param>
public sealed record TableSplit(TableSplitKind Kind, int Seed, string? Column)
{
    /// <summary>Reads "random:SEED", "time:COL" or "hash:SEED".</summary>
    public static Outcome<TableSplit> Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var (kind, argument) = colon < 0 ? (text, "") : (text[..colon], text[(colon + 1)..]);
        if (kind == "time" && argument.Length > 0) return new TableSplit(TableSplitKind.Time, 0, argument);
        if (kind is "random" or "hash" && int.TryParse(argument, NumberStyles.None, CultureInfo.InvariantCulture, out var seed))
        {
            return new TableSplit(kind == "hash" ? TableSplitKind.Hash : TableSplitKind.Random, seed, null);
        }

        return new Problem("evaluate.bad-split", "'{0}' is not a split. Write random:SEED, time:COLUMN or hash:SEED.", text);
    }

    public override string ToString() => Kind switch
    {
        TableSplitKind.Time => $"time:{Column}",
        TableSplitKind.Hash => string.Create(CultureInfo.InvariantCulture, $"hash:{Seed}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"random:{Seed}"),
    };
}

/// <summary>What to learn from a table and how to judge it.</summary>
/// <param name="Positive">The label's value that counts as yes; null lets the table decide (true, 1, yes, else the rarer value).</param>
/// <param name="Ids">Columns that name a row and must not be learnt from.</param>
/// <param name="Models">Of "bayes", "gaussian", "logistic", "trees" and "mlp"; empty for all.</param>
/// <param name="TimeBudget">No further tree setting is tried after this long; null for no limit.</param>
/// <param name="Balance">How the classes of the training rows are brought nearer to each other; null leaves them.</param>
public sealed record TableQuestion(string Label, string? Positive, ImmutableArray<string> Ids, TableSplit Split, ImmutableArray<string> Models, TimeSpan? TimeBudget, Rebalancing? Balance = null);

/// <param name="Kind">"number" or "category".</param>
public sealed record TableColumn(string Name, string Kind);

/// <param name="Chosen">The settings, in words.</param>
/// <param name="Notes">What makes the figures doubtful.</param>
public sealed record TableModelReport(BinaryReport Metrics, double TrainingSeconds, double ScoringSeconds, double PeakMemoryMegabytes, string Chosen, ImmutableArray<Problem> Notes);

/// <param name="LeftOut">Columns not learnt from, each with the reason.</param>
/// <param name="Rule">The rule of thumb in words; null when no single column helps.</param>
public sealed record TableReport(
    string Label, string Positive, string Split, string SplitCheck, int Rows, int TrainingRows, int ValidationRows, int TestRows, double PositiveShare,
    ImmutableArray<TableColumn> Columns, ImmutableArray<string> LeftOut, string? Rule, ImmutableArray<TableModelReport> Models);
