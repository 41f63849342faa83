using System.Collections.Immutable;

namespace MerchantStudio.Core.Learning.Evaluation.Folds;

/// <summary>A family with its settings, to be tried.</summary>
/// <param name="Name">In words.</param>
public sealed record TrainerChoice(string Name, IBinaryTrainer Trainer);

/// <summary>Where a cross-validation stands.</summary>
/// <param name="Fold">From 1.</param>
/// <param name="Choice">What is being fitted.</param>
/// <param name="IsInner">Whether it is only tried, to choose the settings.</param>
public sealed record CrossValidationStep(int Fold, int Folds, string Choice, bool IsInner);

/// <summary>One fold's figures.</summary>
/// <param name="Choice">The settings that judged, chosen without the fold's test rows.</param>
/// <param name="Tried">How many choices were tried before; 1 where there was nothing to choose or no time.</param>
/// <param name="Metrics">On the fold's test rows.</param>
public sealed record FoldReport(int TrainingRows, int ValidationRows, string Choice, int Tried, BinaryReport Metrics);

/// <param name="Deviation">Standard deviation between folds, by n − 1.</param>
public sealed record MetricSummary(string Metric, double Mean, double Deviation);

/// <summary>How good a family is, fold by fold and on the whole.</summary>
public sealed record CrossValidationReport(ImmutableArray<FoldReport> Folds)
{
    /// <summary>AUROC, average precision, log-loss, Brier, accuracy, precision, recall and F1.</summary>
    public ImmutableArray<MetricSummary> Metrics =>
    [
        Summary("auroc", one => one.Auroc), Summary("auprc", one => one.AveragePrecision), Summary("log_loss", one => one.LogLoss), Summary("brier", one => one.Brier),
        Summary("accuracy", one => one.Accuracy), Summary("precision", one => one.Precision), Summary("recall", one => one.Recall), Summary("f1", one => one.F1),
    ];

    private MetricSummary Summary(string metric, Func<BinaryReport, double> of)
    {
        var values = Folds.Select(fold => of(fold.Metrics)).ToArray();
        var mean = values.Average();
        return new MetricSummary(metric, mean, Math.Sqrt(values.Sum(value => Math.Pow(value - mean, 2)) / (values.Length - 1)));
    }
}
