namespace MerchantStudio.Core.Learning.Networks;

public enum OptimizerKind
{
    /// <summary>Stochastic gradient descent with momentum.</summary>
    Sgd,

    /// <summary>Adam; a penalty is part of the gradient.</summary>
    Adam,

    /// <summary>Adam with decoupled weight decay.</summary>
    AdamW,
}

/// <summary>How parameters follow their gradients.</summary>
/// <param name="Rate">Learning rate before the schedule.</param>
/// <param name="Decay">Sgd and Adam: λ of the L2 penalty λ/2 |w|²; AdamW: share of each weight that is taken off in a step, times the rate. Biases and gains are spared.</param>
/// <param name="LargestNorm">The gradient is shortened to this Euclidean norm over all parameters; 0 leaves it.</param>
/// <param name="Momentum">Of Sgd: share of the last step that goes on.</param>
/// <param name="Beta1">Of Adam: decay of the gradients' running mean.</param>
/// <param name="Beta2">Of Adam: decay of the squared gradients' running mean.</param>
/// <param name="Schedule">Null for a constant rate.</param>
public sealed record OptimizerOptions(
    OptimizerKind Kind = OptimizerKind.Adam, double Rate = 1e-3, double Decay = 0, double LargestNorm = 0,
    double Momentum = 0.9, double Beta1 = 0.9, double Beta2 = 0.999, double Epsilon = 1e-8, RateSchedule? Schedule = null);
