using System.Collections.Immutable;
using System.Globalization;
using MerchantStudio.Core.Learning.Evaluation;

namespace MerchantStudio.Core.Learning.Trees;

/// <summary>Histogram-based gradient boosting of the log-loss. With several settings, the one with the lowest validation log-loss is kept.</summary>
/// <param name="settings">Settings to try, in order; the defaults when empty.</param>
/// <param name="threads">Workers; the result does not depend on it.</param>
/// <param name="goOn">Asked before each setting after the first; false keeps the best so far. Null tries all.</param>
/// <param name="stopHere">Asked after each round; true keeps the best round so far. Null never stops.</param>
public sealed class BoostedTreesTrainer(ImmutableArray<TreesOptions> settings = default, int threads = 2, Func<bool>? goOn = null, Func<bool>? stopHere = null) : IBinaryTrainer
{
    private readonly ImmutableArray<TreesOptions> _settings = settings.IsDefaultOrEmpty ? [new TreesOptions()] : settings;

    public string Family => BoostedTreesModel.FamilyName;

    /// <summary>The learning curve starts again at round 1 for each setting tried.</summary>
    public IBinaryModel Train(FeatureMatrix x, ReadOnlySpan<float> y, FeatureMatrix validationX, ReadOnlySpan<float> validationY, int seed, IProgress<LearningStep>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(validationX);
        if (x.Rows != y.Length || x.Rows == 0) throw new ArgumentException("Training needs one label for each of one row or more.", nameof(y));
        var bins = new ColumnBins[x.Columns.Length];
        var binned = new byte[x.Columns.Length][];
        Parallel.For(0, bins.Length, new ParallelOptions { MaxDegreeOfParallelism = threads }, column =>
        {
            bins[column] = ColumnBins.Fit(x, column);
            binned[column] = bins[column].Encode(x.Column(column));
        });
        var rows = new TrainingRows(x, y.ToArray(), validationX, validationY.ToArray(), bins, binned);
        BoostedTreesModel? best = null;
        var bestLoss = double.PositiveInfinity;
        foreach (var options in _settings)
        {
            if (best is not null && goOn is not null && !goOn()) break;
            var (model, loss) = Boost(rows, options, seed, progress, cancellationToken);
            if (best is not null && loss >= bestLoss) continue;
            best = model;
            bestLoss = loss;
        }

        return best!;
    }

    private sealed record TrainingRows(FeatureMatrix X, float[] Y, FeatureMatrix ValidationX, float[] ValidationY, ColumnBins[] Bins, byte[][] Binned);

    private (BoostedTreesModel Model, double Loss) Boost(TrainingRows data, TreesOptions options, int seed, IProgress<LearningStep>? progress, CancellationToken cancellationToken)
    {
        var random = new SeededRandom((ulong)seed);
        var rate = Math.Clamp(data.Y.Average(), 1e-6f, 1 - 1e-6f);
        var bias = BinaryModels.Logit(rate);
        var logOdds = new double[data.Y.Length];
        var validationLogOdds = new double[data.ValidationY.Length];
        Array.Fill(logOdds, bias);
        Array.Fill(validationLogOdds, bias);
        var gradients = new float[data.Y.Length];
        var hessians = new float[data.Y.Length];
        var grower = new TreeGrower(data.Bins, data.Binned, options, threads);
        var trees = new List<Tree>();
        var (bestTrees, bestLoss) = (0, double.PositiveInfinity);
        for (var round = 1; round <= options.Rounds; round++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var trainingLoss = Gradients(data.Y, logOdds, gradients, hessians);
            var tree = grower.Grow(Sample(random, data.Y.Length, options.RowShare), Sample(random, data.Bins.Length, options.ColumnShare), gradients, hessians);
            trees.Add(tree);
            AddScores(tree, data.X, logOdds);
            AddScores(tree, data.ValidationX, validationLogOdds);
            var validationLoss = data.ValidationY.Length == 0 ? double.NaN : BinaryMetrics.LogLossOfLogOdds(validationLogOdds, data.ValidationY);
            progress?.Report(new LearningStep(round, options.Rounds, trainingLoss, validationLoss));
            if (double.IsNaN(validationLoss) || validationLoss < bestLoss) (bestTrees, bestLoss) = (round, validationLoss);
            else if (round - bestTrees >= options.Patience) break;
            if (stopHere is not null && stopHere()) break;
        }

        return (new BoostedTreesModel([.. data.X.Columns], bias, [.. trees.Take(bestTrees)], Describe(options, bestTrees)), bestLoss);
    }

    private static string Describe(TreesOptions options, int trees) => string.Create(
        CultureInfo.InvariantCulture,
        $"{trees} trees, {options.Leaves} leaves, depth {options.Depth}, rate {options.LearningRate}, L2 {options.L2}, rows {options.RowShare}, columns {options.ColumnShare}");

    private static int[] Sample(SeededRandom random, int of, double share) =>
        share >= 1 ? [.. Enumerable.Range(0, of)] : random.Sample(of, Math.Clamp((int)Math.Round(of * share), 1, of));

    /// <summary>First and second derivative of the log-loss by log-odds: p − y and p(1 − p).</summary>
    /// <returns>Mean log-loss before the next tree.</returns>
    internal static double Gradients(float[] y, double[] logOdds, float[] gradients, float[] hessians)
    {
        for (var row = 0; row < y.Length; row++)
        {
            var p = BinaryModels.Sigmoid(logOdds[row]);
            gradients[row] = (float)(p - y[row]);
            hessians[row] = (float)Math.Max(p * (1 - p), 1e-16);
        }

        return BinaryMetrics.LogLossOfLogOdds(logOdds, y);
    }

    private void AddScores(Tree tree, FeatureMatrix x, double[] logOdds)
    {
        if (x.Rows < 8192 || threads == 1)
        {
            for (var row = 0; row < logOdds.Length; row++) logOdds[row] += tree.Score(x, row);
            return;
        }

        Parallel.For(0, logOdds.Length, new ParallelOptions { MaxDegreeOfParallelism = threads }, row => logOdds[row] += tree.Score(x, row));
    }
}
