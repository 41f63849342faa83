using MerchantStudio.Core.Learning.Kernels;
using MerchantStudio.Core.Learning.Trees;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Learning.Networks.Tables;

/// <summary>Fits a multilayer perceptron that tells a class, a number or a count. A grade is learnt as a number: rows are put in order by it.</summary>
/// <param name="target">What the answers stand for; for yes or no there is <see cref="MlpTrainer"/>.</param>
/// <param name="options">The defaults when null.</param>
/// <param name="threads">Workers; the result does not depend on it. For the usual training alone.</param>
public sealed class PerceptronTrainer(TreesObjective target, MlpOptions? options = null, int threads = 2)
{
    private readonly MlpOptions _options = options ?? new MlpOptions();

    /// <param name="training">Labels and weights as <see cref="TreesTable"/> says.</param>
    /// <param name="validation">Rows that say when to stop, of the same columns; none runs all epochs.</param>
    public Outcome<TargetTraining> Train(TreesTable training, TreesTable validation, int seed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(validation);
        if ((TreesTableCheck.Training(training, target) ?? TreesTableCheck.Validation(validation, target, training)) is { } problem) return problem;
        if (TableCheck.TooManyCategories(training.X) is { } many) return many;
        var scale = AnswerScale.Of(target, training);
        var network = new TableNetwork(TableEncoding.Fit(training.X), _options.Hidden.IsDefault ? [64, 32] : _options.Hidden, _options.Dropout, scale.Outputs);
        network.Parameters.Begin((ulong)seed);
        var objective = new TableObjective(network, target, scale.Scaled(training), scale.Scaled(validation));
        using var trainer = new NetworkTrainer(objective, _options.Training ?? MlpTrainer.Usual(training.X.Rows, threads), KernelSet.Best, seed, TimeProvider.System);
        var result = trainer.Train(checkpoint: null, progress: null, cancellationToken);
        if (result is { Stop: TrainingStop.Diverged, BestEpoch: 0 }) return MlpTrainer.DivergedAtOnce;
        return new TargetTraining(new TablePerceptron(network, scale, result.BestEpoch), result.Notes);
    }
}
