using MerchantStudio.Core.Native.OnnxRuntime;

namespace MerchantStudio.Core.Learning.Onnx;

/// <summary>Runs a model file that the studio has written, as any other program would.</summary>
public static class ExportedModel
{
    /// <summary>The file's probabilities of rows that are numbers only.</summary>
    /// <returns>Null where ONNX Runtime is not offered for this machine.</returns>
    public static float[]? Probabilities(byte[] file, FeatureMatrix x)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (OnnxRuntimeLibrary.Version is null) return null;
        using var session = new InferenceSession(file, Environment.ProcessorCount);
        return session.Run(x.Rows, new Dictionary<string, float[]> { [OnnxInputs.Numbers] = OnnxInputs.RowByRow(x) }, new Dictionary<string, string[]>(), BinaryModels.OnnxOutput);
    }
}
