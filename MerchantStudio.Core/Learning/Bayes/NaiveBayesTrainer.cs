using System.Collections.Immutable;
using MerchantStudio.Core.Learning.Evaluation;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Learning.Bayes;

/// <param name="Smoothing">How often more each category and stretch counts as met, in both classes (Laplace); above 0.</param>
/// <param name="Bins">Numbers of stretches to try; the first is taken without validation rows.</param>
public sealed record NaiveBayesOptions(double Smoothing = 1, ImmutableArray<int> Bins = default)
{
    public static readonly ImmutableArray<int> DefaultBins = [8, 32];
}

/// <summary>Fits naive Bayes: each column's distribution within each class, a number's as a bell curve or a histogram, whichever tells the validation rows apart better on its own.</summary>
/// <param name="options">The defaults when null.</param>
/// <remarks>Domingos and Pazzani, On the optimality of the simple Bayesian classifier under zero-one loss, Machine Learning 29, 1997.</remarks>
public sealed class NaiveBayesTrainer(NaiveBayesOptions? options = null) : IBinaryTrainer
{
    private readonly NaiveBayesOptions _options = options ?? new NaiveBayesOptions();

    public string Family => NaiveBayesModel.FamilyName;

    public Outcome<BinaryTraining> Train(FeatureMatrix x, ReadOnlySpan<float> y, FeatureMatrix validationX, ReadOnlySpan<float> validationY, int seed, IProgress<LearningStep>? progress, CancellationToken cancellationToken)
    {
        if (TableCheck.Binary(x, y, validationX, validationY) is { } problem) return problem;
        var prior = BinaryModels.Logit(Rate(y, x.Weights));
        var evidence = new ColumnEvidence[x.Columns.Length];
        for (var column = 0; column < evidence.Length; column++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            evidence[column] = x.Columns[column].IsCategorical
                ? CodeEvidence.Fit(x.Column(column), y, x.Weights, x.Columns[column].Categories.Length, _options.Smoothing)
                : Number(x.Column(column), y, x.Weights, validationX.Column(column), validationY, prior);
        }

        var model = new NaiveBayesModel([.. x.Columns], prior, evidence);
        progress?.Report(new LearningStep(1, 1, BinaryMetrics.LogLoss(model.Score(x), y), BinaryMetrics.LogLoss(model.Score(validationX), validationY)));
        return new BinaryTraining(model, [.. TableCheck.Leaks(x, y)]);
    }

    private ColumnEvidence Number(ReadOnlySpan<float> values, ReadOnlySpan<float> y, ReadOnlySpan<float> weights, ReadOnlySpan<float> validation, ReadOnlySpan<float> validationY, double prior)
    {
        var bins = _options.Bins.IsDefaultOrEmpty ? NaiveBayesOptions.DefaultBins : _options.Bins;
        ColumnEvidence best = BinEvidence.Fit(values, y, weights, bins[0], _options.Smoothing);
        if (validation.IsEmpty) return best;
        var bestLoss = Loss(best, validation, validationY, prior);
        foreach (var count in bins.AsSpan()[1..]) Try(BinEvidence.Fit(values, y, weights, count, _options.Smoothing), validation, validationY);
        if (NormalEvidence.Fit(values, y, weights) is { } normal) Try(normal, validation, validationY);
        return best;

        void Try(ColumnEvidence other, ReadOnlySpan<float> rows, ReadOnlySpan<float> labels)
        {
            var loss = Loss(other, rows, labels, prior);
            if (loss < bestLoss) (best, bestLoss) = (other, loss);
        }
    }

    /// <param name="weights">Empty where all rows count once.</param>
    internal static double Weight(ReadOnlySpan<float> weights, int row) => weights.IsEmpty ? 1 : weights[row];

    private static double Rate(ReadOnlySpan<float> y, ReadOnlySpan<float> weights)
    {
        var (yes, all) = (0.0, 0.0);
        for (var row = 0; row < y.Length; row++)
        {
            yes += Weight(weights, row) * y[row];
            all += Weight(weights, row);
        }

        return yes / all;
    }

    /// <summary>Log-loss of a model of this one column.</summary>
    private static double Loss(ColumnEvidence evidence, ReadOnlySpan<float> values, ReadOnlySpan<float> y, double prior)
    {
        var logOdds = new double[values.Length];
        for (var row = 0; row < logOdds.Length; row++) logOdds[row] = prior + evidence.LogRatio(values[row]);
        return BinaryMetrics.LogLossOfLogOdds(logOdds, y);
    }
}
