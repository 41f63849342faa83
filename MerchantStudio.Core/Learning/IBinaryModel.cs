using System.Collections.Immutable;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Learning;

/// <summary>A trained model of a yes-or-no question.</summary>
public interface IBinaryModel
{
    /// <summary>"bayes", "gaussian", "logistic", "trees" or "mlp".</summary>
    string Family { get; }

    /// <summary>What it was fitted on; <see cref="ColumnAlignment"/> brings other rows to it.</summary>
    IReadOnlyList<FeatureColumn> Columns { get; }

    /// <summary>The settings that were chosen, for the model card.</summary>
    string Settings { get; }

    /// <returns>Probability of yes for each row, 0 to 1.</returns>
    float[] Score(FeatureMatrix x);

    /// <summary>How much each column moved one row's log-odds.</summary>
    /// <returns>One value a column, then the bias; together they are the row's log-odds.</returns>
    double[] Explain(FeatureMatrix x, int row);

    /// <summary>Writes the model so that <see cref="BinaryModels.Load"/> reads it back; the same model always gives the same bytes.</summary>
    void Save(Stream stream);
}

/// <summary>Fits a family of models. The same rows and seed give the same bits, whatever the number of threads.</summary>
public interface IBinaryTrainer
{
    string Family { get; }

    /// <param name="x">Training rows: all that may be fitted on.</param>
    /// <param name="y">1 or 0 for each training row.</param>
    /// <param name="validationX">Rows that only choose (when to stop, how strong to regularise); may be empty.</param>
    /// <param name="validationY">1 or 0 for each validation row.</param>
    /// <param name="seed">Decides every random choice.</param>
    /// <param name="progress">Losses after each round.</param>
    /// <param name="cancellationToken">Looked at between rounds.</param>
    /// <returns>A problem when the rows cannot be learnt from.</returns>
    Outcome<BinaryTraining> Train(FeatureMatrix x, ReadOnlySpan<float> y, FeatureMatrix validationX, ReadOnlySpan<float> validationY, int seed, IProgress<LearningStep>? progress, CancellationToken cancellationToken);
}

/// <summary>What a training gave.</summary>
/// <param name="Notes">What the merchant should know before trusting it: a column that gives the answer away, a training that broke off.</param>
public sealed record BinaryTraining(IBinaryModel Model, ImmutableArray<Problem> Notes);

/// <summary>One point of the learning curve.</summary>
/// <param name="Round">From 1.</param>
/// <param name="TrainingLoss">Mean log-loss over training rows.</param>
/// <param name="ValidationLoss">Mean log-loss over validation rows; NaN without any.</param>
public sealed record LearningStep(int Round, int Rounds, double TrainingLoss, double ValidationLoss);
