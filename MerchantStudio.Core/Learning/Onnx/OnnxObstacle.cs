namespace MerchantStudio.Core.Learning.Onnx;

/// <summary>Why a model has no form as an ONNX file.</summary>
public enum OnnxObstacle
{
    /// <summary>It solves equations for each history, for which there is no standard operator.</summary>
    SolvesEquations,

    /// <summary>How alike all items are, one by one, would be too large a table.</summary>
    TooManyItems,
}
