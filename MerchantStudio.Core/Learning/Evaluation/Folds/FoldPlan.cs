using System.Collections.Immutable;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Learning.Evaluation.Folds;

/// <summary>One way to deal rows out. No row is on two sides.</summary>
/// <param name="Training">Rows to fit on.</param>
/// <param name="Validation">Rows that choose and stop.</param>
/// <param name="Test">Rows that judge.</param>
public sealed record Fold(int[] Training, int[] Validation, int[] Test)
{
    /// <summary>All rows that the test may not know about.</summary>
    public int[] Known => [.. Training, .. Validation];
}

/// <summary>How rows are dealt out several times, so that a figure comes with how much it varies.</summary>
/// <param name="Count">How often, 2 or more.</param>
public abstract record FoldPlan(int Count)
{
    internal const double ValidationShare = 0.15;

    /// <param name="rows">The rows to deal out.</param>
    /// <param name="y">1 or 0 for each row of the table.</param>
    /// <returns>A problem when the rows to fit on or those to test on would be of one class.</returns>
    public Outcome<ImmutableArray<Fold>> Deal(int[] rows, float[] y)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(y);
        if (Count < 2) return new Problem("evaluate.too-few-folds", "Cross-validation needs 2 folds or more, not {0}.", Count);
        ImmutableArray<Fold> folds = [.. DealOut(rows, y)];
        var lacking = folds.IndexOf(folds.FirstOrDefault(fold => new[] { fold.Training, fold.Test }.Any(side => side.Select(row => y[row]).Distinct().Count() < 2))!);
        if (lacking < 0) return folds;
        return new Problem("evaluate.fold-one-class", "The rows to learn from or to test on in fold {0} of {1} would all be of one class. Choose fewer folds.", lacking + 1, Count);
    }

    private protected abstract IEnumerable<Fold> DealOut(int[] rows, float[] y);
}

/// <summary>Each row tests once; every side has about the same share of yes.</summary>
/// <remarks>Kohavi, A study of cross-validation and bootstrap for accuracy estimation and model selection, IJCAI 1995.</remarks>
public sealed record StratifiedFolds(int Count, int Seed) : FoldPlan(Count)
{
    private protected override IEnumerable<Fold> DealOut(int[] rows, float[] y)
    {
        var classes = rows.GroupBy(row => y[row]).OrderBy(group => group.Key).Select((group, index) => new SeededRandom(SeededRandom.Mix((ulong)Seed, (ulong)index)).Shuffle(group.Order().ToArray())).ToArray();
        for (var fold = 0; fold < Count; fold++)
        {
            List<int> training = [], validation = [], test = [];
            var dealt = 0;   // goes on from class to class, so that the folds' sizes differ by one row at most
            foreach (var group in classes)
            {
                var known = new List<int>();
                foreach (var row in group) (dealt++ % Count == fold ? test : known).Add(row);
                var validating = (int)Math.Ceiling(known.Count * ValidationShare);
                validation.AddRange(known.Take(validating));
                training.AddRange(known.Skip(validating));
            }

            yield return new Fold(Sorted(training), Sorted(validation), Sorted(test));
        }
    }

    private static int[] Sorted(List<int> rows) => [.. rows.Order()];
}

/// <summary>Rows in the order of time, cut into one stretch more than folds: each fold tests on the next stretch what was learnt from all before it. Rows of one moment stay together.</summary>
/// <param name="Times">When each row of the table was, in any unit.</param>
/// <remarks>Tashman, Out-of-sample tests of forecasting accuracy, International Journal of Forecasting 16, 2000 (rolling origin).</remarks>
public sealed record RollingFolds(int Count, ImmutableArray<double> Times) : FoldPlan(Count)
{
    private protected override IEnumerable<Fold> DealOut(int[] rows, float[] y)
    {
        int[] order = [.. rows.OrderBy(row => Times[row]).ThenBy(row => row)];
        for (var fold = 0; fold < Count; fold++)
        {
            var test = Boundary(order, (int)((long)order.Length * (fold + 1) / (Count + 1)));
            var end = Boundary(order, (int)((long)order.Length * (fold + 2) / (Count + 1)));
            var validation = Boundary(order, test - (int)Math.Ceiling(test * ValidationShare));
            if (validation == 0) validation = test;   // one moment alone cannot do both
            yield return new Fold(order[..validation], order[validation..test], order[test..end]);
        }
    }

    /// <summary>The first row of the moment at this place, so that no moment is on two sides.</summary>
    private int Boundary(int[] order, int at)
    {
        while (at > 0 && at < order.Length && Times[order[at]] == Times[order[at - 1]]) at--;
        return at;
    }
}
