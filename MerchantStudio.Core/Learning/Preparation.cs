namespace MerchantStudio.Core.Learning;

/// <summary>What a linear model takes for a missing number. Whatever is computed is computed from the training rows.</summary>
public enum MissingFill
{
    Mean,
    Median,

    /// <summary>The commonest value; the smallest of several.</summary>
    Mode,
    Constant,

    /// <summary>Numbers that are missing for any training row are left out as inputs; rows are never dropped, for every shopper is to be scored.</summary>
    Drop,
}

/// <summary>How the numbers of different inputs are brought to one scale.</summary>
public enum Scaling
{
    /// <summary>Less the training mean, over the training deviation.</summary>
    Standardise,

    /// <summary>The training rows' smallest value becomes 0, the largest 1; later rows may lie outside.</summary>
    MinMax,
    None,
}

/// <summary>How rows are prepared for models that weigh numbers; boosted trees take rows as they are. Fitted on training rows only and stored in the model's file.</summary>
/// <param name="Constant">For <see cref="MissingFill.Constant"/>, in the input's own unit.</param>
public sealed record Preparation(MissingFill Missing = MissingFill.Mean, double Constant = 0, Scaling Scaling = Scaling.Standardise)
{
    public static Preparation Default { get; } = new();
}
