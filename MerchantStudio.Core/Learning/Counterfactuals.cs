using System.Collections.Immutable;

namespace MerchantStudio.Core.Learning;

/// <summary>A column that may be changed, and how far.</summary>
/// <param name="Column">Of the model.</param>
/// <param name="Low">Smallest value to try.</param>
/// <param name="High">Largest value to try.</param>
/// <param name="Step">Least difference that makes sense: 1 for counts.</param>
/// <param name="Consequences">What must change with it for the row to stay possible.</param>
public sealed record ChangeableColumn(int Column, float Low, float High, float Step, ImmutableArray<Consequence> Consequences);

public enum ConsequenceKind
{
    /// <summary>Rises and falls by the same amount, never below 0.</summary>
    Along,

    /// <summary>When the other rises this one is at most the number, and no longer missing.</summary>
    AtMost,

    /// <summary>At most the number times the other's new value.</summary>
    AtMostTimes,

    /// <summary>At least the number times the other's new value.</summary>
    AtLeastTimes,
}

/// <param name="Column">That changes with the other.</param>
public sealed record Consequence(int Column, ConsequenceKind Kind, float Number = 0)
{
    /// <param name="value">Of the column before.</param>
    public float Apply(float value, ColumnChange change) => Kind switch
    {
        ConsequenceKind.Along => Math.Max(0, value + change.To - change.From),
        ConsequenceKind.AtMost => change.To > change.From && !(value <= Number) ? Number : value,
        ConsequenceKind.AtMostTimes => Math.Min(value, Number * change.To),
        _ => Math.Max(value, Number * change.To),
    };
}

public sealed record ColumnChange(int Column, float From, float To);

/// <summary>A smallest set of changes that brings a row's chance across a threshold.</summary>
public sealed record Counterfactual(ImmutableArray<ColumnChange> Changes, double Chance);

/// <summary>What would have to be otherwise for a model to decide otherwise: few columns, moved little, within what really occurs.</summary>
/// <param name="score">The model's chances.</param>
/// <param name="row">The one row in question.</param>
/// <param name="columns">What may be changed.</param>
/// <remarks>Wachter, Mittelstadt and Russell, Counterfactual explanations without opening the black box, Harvard JOLT 31(2), 2018; by trying, since trees have no slope.</remarks>
public sealed class Counterfactuals(Func<FeatureMatrix, float[]> score, FeatureMatrix row, ImmutableArray<ChangeableColumn> columns)
{
    private const int MostSteps = 12;
    private const int PairedColumns = 5;

    /// <summary>The row's chance after some changes; columns that go along move too.</summary>
    public double Chance(IEnumerable<ColumnChange> changes) => score(With([[.. changes]]))[0];

    /// <summary>How far the chance moves when a column goes through its range and all else stays, widest first.</summary>
    public ImmutableArray<(ChangeableColumn Column, double Spread)> Spreads() =>
    [
        .. columns.Select(column => (column, Moves(column)))
            .Where(pair => pair.Item2.Length > 0)
            .Select(pair => (pair.column, Spread(score(With([.. pair.Item2.Select(move => new[] { move }), []])))))
            .OrderByDescending(pair => pair.Item2),
    ];

    /// <summary>For each column that can do it alone the smallest change that crosses the threshold; where none can, the smallest pair of changes.</summary>
    /// <param name="threshold">0 to 1.</param>
    /// <param name="most">How many to give.</param>
    /// <returns>Smallest changes first, measured in shares of the columns' ranges; empty when nothing crosses.</returns>
    public ImmutableArray<Counterfactual> Crossing(double threshold, int most)
    {
        var above = Chance([]) >= threshold;
        var alone = columns.Select(column => Cheapest([.. Moves(column).Select(move => new[] { move })], threshold, above)).OfType<Counterfactual>().ToArray();
        if (alone.Length > 0) return [.. alone.OrderBy(Cost).Take(most)];
        ImmutableArray<ChangeableColumn> movers = [.. Spreads().Take(PairedColumns).Select(pair => pair.Column)];
        var pairs = movers.SelectMany((first, i) => movers.Skip(i + 1).Select(second => Cheapest([.. Moves(first).SelectMany(_ => Moves(second), (a, b) => new[] { a, b })], threshold, above)));
        return [.. pairs.OfType<Counterfactual>().OrderBy(Cost).Take(most)];
    }

    /// <summary>The values to try, nearest first.</summary>
    private ColumnChange[] Moves(ChangeableColumn column)
    {
        var from = row[0, column.Column];
        if (float.IsNaN(from) || column.High <= column.Low) return [];
        var step = Math.Max(column.Step, MathF.Ceiling((column.High - column.Low) / MostSteps / column.Step) * column.Step);
        return
        [
            .. Enumerable.Range(1, MostSteps).SelectMany(i => new[] { from + (i * step), from - (i * step) })
                .Where(to => to >= column.Low && to <= column.High).Select(to => new ColumnChange(column.Column, from, to)),
        ];
    }

    private Counterfactual? Cheapest(ColumnChange[][] tried, double threshold, bool above)
    {
        if (tried.Length == 0) return null;
        var chances = score(With(tried));
        return tried.Select((changes, i) => new Counterfactual([.. changes], chances[i])).Where(one => one.Chance >= threshold != above).OrderBy(Cost).FirstOrDefault();
    }

    private double Cost(Counterfactual one) => one.Changes.Sum(change =>
    {
        var column = columns.First(column => column.Column == change.Column);
        return Math.Abs(change.To - change.From) / (column.High - column.Low);
    });

    private static double Spread(float[] chances) => chances.Max() - chances.Min();

    private FeatureMatrix With(ColumnChange[][] variants)
    {
        var values = new float[row.Columns.Length * variants.Length];
        for (var column = 0; column < row.Columns.Length; column++) values.AsSpan(column * variants.Length, variants.Length).Fill(row[0, column]);
        for (var variant = 0; variant < variants.Length; variant++)
        {
            foreach (var change in variants[variant])
            {
                values[(change.Column * variants.Length) + variant] = change.To;
                if (change.To == change.From) continue;
                foreach (var consequence in columns.First(column => column.Column == change.Column).Consequences)
                {
                    ref var value = ref values[(consequence.Column * variants.Length) + variant];
                    value = consequence.Apply(value, change);
                }
            }
        }

        return new FeatureMatrix(row.Columns, variants.Length, values);
    }
}
