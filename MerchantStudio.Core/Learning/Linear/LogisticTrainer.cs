using System.Collections.Immutable;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Learning.Linear;

/// <param name="L1Ratio">0 for a pure L2 penalty, 1 for a pure L1 penalty, between for both (elastic net).</param>
/// <param name="Strengths">Penalties to try, strongest first; the one with the lowest validation log-loss is kept, the last one without validation rows.</param>
/// <param name="Squash">Whether long-tailed numbers go through sign(v)·log(1+|v|) before they are scaled.</param>
/// <param name="Threads">Workers; the result does not depend on it.</param>
/// <param name="Preparation">Null for the default.</param>
public sealed record LogisticOptions(double L1Ratio = 0, ImmutableArray<double> Strengths = default, bool Squash = false, int Threads = 2, Preparation? Preparation = null)
{
    public static readonly ImmutableArray<double> DefaultStrengths = [1, 0.3, 0.1, 0.03, 0.01, 0.003, 0.001, 0.0003, 0.0001];
}

/// <summary>Fits logistic regression along a path of penalties and keeps the one that the validation rows prefer.</summary>
/// <param name="options">The defaults when null.</param>
/// <param name="stopHere">Asked before each penalty after the first; true keeps the best so far. Null tries all.</param>
public sealed class LogisticTrainer(LogisticOptions? options = null, Func<bool>? stopHere = null) : IBinaryTrainer
{
    /// <summary>The solver keeps a number for each pair of inputs.</summary>
    private const int MostTerms = 3_000;

    private readonly LogisticOptions _options = options ?? new LogisticOptions();

    public string Family => LogisticModel.FamilyName;

    public Outcome<BinaryTraining> Train(FeatureMatrix x, ReadOnlySpan<float> y, FeatureMatrix validationX, ReadOnlySpan<float> validationY, int seed, IProgress<LearningStep>? progress, CancellationToken cancellationToken)
    {
        if (TableCheck.Binary(x, y, validationX, validationY) is { } problem) return problem;
        var encoder = DesignEncoder.Fit(x, _options.Squash, _options.Preparation);
        if (encoder.Terms.Length > MostTerms) return new Problem("learning.too-many-inputs", "Logistic regression would have to weigh {0} inputs, where each word of a category counts as one; at most {1} are possible. Leave columns out or choose another model.", encoder.Terms.Length, MostTerms);
        var solver = new ElasticNetSolver(encoder.Encode(x), y.ToArray(), x.Weights, _options.L1Ratio, _options.Threads);
        var strengths = _options.Strengths.IsDefaultOrEmpty ? LogisticOptions.DefaultStrengths : _options.Strengths;
        LogisticModel? best = null;
        var bestLoss = double.PositiveInfinity;
        for (var i = 0; i < strengths.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (best is not null && stopHere is not null && stopHere()) break;
            solver.Solve(strengths[i], cancellationToken);
            var model = new LogisticModel(encoder, solver.Intercept, [.. solver.Weights], strengths[i]);
            var loss = validationX.Rows == 0 ? double.NaN : Evaluation.BinaryMetrics.LogLoss(model.Score(validationX), validationY);
            progress?.Report(new LearningStep(i + 1, strengths.Length, solver.MeanLoss, loss));
            if (validationX.Rows > 0 && loss >= bestLoss) continue;
            best = model;
            bestLoss = loss;
        }

        return new BinaryTraining(best!, [.. TableCheck.Leaks(x, y)]);
    }
}
