using MerchantStudio.Core.Learning.Trees.Objectives;

namespace MerchantStudio.Core.Learning.Trees;

/// <summary>Rows made ready once, for any number of settings.</summary>
internal sealed record BoostingTables(TreesTable Training, GrowthTable Table, TreesTable? Validation, BinnedRows? ValidationRows)
{
    public static BoostingTables Of(TreesTable training, TreesTable? validation, int threads)
    {
        var table = GrowthTable.Of(training.X, threads);
        var rows = validation is { X.Rows: > 0 } ? new BinnedRows(validation.X, table.Bins, threads) : null;
        return new BoostingTables(training, table, rows is null ? null : validation, rows);
    }
}

/// <summary>The best rounds of one setting and their mean validation loss; NaN without validation rows.</summary>
internal sealed record Boosted(Forest Forest, double Loss, int Rounds);

/// <summary>Gradient boosting: each round fits one tree an output to the loss's derivatives at the present scores.</summary>
/// <remarks>Friedman, Annals of Statistics 29(5), 2001; Chen and Guestrin, KDD 2016.</remarks>
internal sealed class Boosting(BoostingTables data, TreesOptions options, Objective objective, int seed, int threads)
{
    private readonly TreeGrower _grower = new(data.Table, options, threads);
    private readonly RowGradients _rowGradients = new(data.Training.Y.Length, threads);
    private readonly Scored _training = new(data.Training, objective);
    private readonly Scored? _validation = data.Validation is null ? null : new Scored(data.Validation, objective);

    /// <param name="stopHere">Asked after each round; true keeps the best round so far.</param>
    public Boosted Run(IProgress<LearningStep>? progress, Func<bool>? stopHere, CancellationToken cancellationToken)
    {
        var start = objective.Start(data.Training);
        _training.Begin(start);
        _validation?.Begin(start);
        var trees = new List<Tree>();
        var (bestRound, bestLoss) = (0, double.PositiveInfinity);
        for (var round = 1; round <= options.Rounds; round++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var trainingLoss = progress is null ? double.NaN : _training.MeanLoss(threads);
            AddRound(round, trees);
            var loss = _validation?.MeanLoss(threads) ?? double.NaN;
            progress?.Report(new LearningStep(round, options.Rounds, trainingLoss, loss));
            if (double.IsNaN(loss) || loss < bestLoss) (bestRound, bestLoss) = (round, loss);
            else if (round - bestRound >= options.Patience) break;
            if (stopHere is not null && stopHere()) break;
        }

        var forest = new Forest([.. data.Training.X.Columns], [.. data.Table.Bins.Select(bins => bins.Codes)], start, [.. trees.Take(bestRound * objective.Outputs)]);
        return new Boosted(forest, bestLoss, bestRound);
    }

    private void AddRound(int round, List<Tree> trees)
    {
        var rows = data.Training.Y.Length;
        _training.Derive(threads);
        var sample = RowSample.Of(rows, options.RowShare, SeededRandom.Mix((ulong)seed, (ulong)round));
        var columns = new SeededRandom(SeededRandom.Mix(~(ulong)seed, (ulong)round));
        for (var output = 0; output < objective.Outputs; output++)
        {
            _rowGradients.Fill(_training.Gradients.AsMemory(output * rows, rows), _training.Hessians.AsMemory(output * rows, rows));
            var tree = _grower.Grow([.. sample.Taken], columns.Sample(data.Table.Bins.Length, Share(data.Table.Bins.Length, options.ColumnShare)), _rowGradients);
            tree.AddScores(_training.Scores.AsMemory(output * rows, rows), sample.Others, threads);
            if (_validation is not null) tree.AddScores(_validation.Scores.AsMemory(output * data.Validation!.Y.Length, data.Validation.Y.Length), data.ValidationRows!, threads);
            trees.Add(tree.ToTree());
        }
    }

    private static int Share(int of, double share) => Math.Clamp((int)Math.Round(of * share), 1, of);

    /// <summary>A table with its rows' present scores.</summary>
    private sealed class Scored(TreesTable table, Objective objective)
    {
        private readonly IReadOnlyList<(int From, int To)> _pieces = objective.Pieces(table);

        public double[] Scores { get; } = new double[table.Y.Length * objective.Outputs];

        public float[] Gradients { get; private set; } = [];

        public float[] Hessians { get; private set; } = [];

        public void Begin(double[] start)
        {
            for (var output = 0; output < start.Length; output++) Scores.AsSpan(output * table.Y.Length, table.Y.Length).Fill(start[output]);
        }

        public void Derive(int threads)
        {
            if (Gradients.Length == 0) (Gradients, Hessians) = (new float[Scores.Length], new float[Scores.Length]);
            Work.ForEach(_pieces.Count, Scores.Length * 8L, threads, i => objective.Derive(table, _pieces[i].From, _pieces[i].To, Scores, Gradients, Hessians));
            if (table.Weights is not { } weights) return;
            for (var at = 0; at < Scores.Length; at++)
            {
                Gradients[at] *= weights[at % weights.Length];
                Hessians[at] *= weights[at % weights.Length];
            }
        }

        public double MeanLoss(int threads)
        {
            var losses = new (double Sum, double Weight)[_pieces.Count];
            Work.ForEach(_pieces.Count, Scores.Length * 8L, threads, i => losses[i] = objective.Loss(table, _pieces[i].From, _pieces[i].To, Scores));
            return losses.Sum(loss => loss.Sum) / losses.Sum(loss => loss.Weight);
        }
    }
}
