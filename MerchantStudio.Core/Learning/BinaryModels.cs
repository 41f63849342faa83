using System.Collections.Immutable;
using MerchantStudio.Core.Learning.Bayes;
using MerchantStudio.Core.Learning.Evaluation;
using MerchantStudio.Core.Learning.Evaluation.Sequences;
using MerchantStudio.Core.Learning.Gaussian;
using MerchantStudio.Core.Learning.Imbalance;
using MerchantStudio.Core.Learning.Kernels;
using MerchantStudio.Core.Learning.Linear;
using MerchantStudio.Core.Learning.Networks.Tables;
using MerchantStudio.Core.Learning.Onnx;
using MerchantStudio.Core.Learning.Trees;

namespace MerchantStudio.Core.Learning;

/// <summary>Reads models back from their files.</summary>
public static class BinaryModels
{
    /// <summary>What an exported model calls its result.</summary>
    internal const string OnnxOutput = "probability";

    /// <summary>The family of neural networks.</summary>
    public const string Perceptron = MlpModel.FamilyName;

    public const string Gaussian = GaussianModel.FamilyName;

    /// <summary>The arithmetic that this processor does; kept with models, because another kind may round otherwise.</summary>
    public static string Kernels => KernelSet.Best.Name;

    /// <exception cref="InvalidDataException">The stream does not hold a model that this version knows.</exception>
    public static IBinaryModel Load(Stream stream) => ModelFile.Read<IBinaryModel>(stream, (tag, reader) => tag switch
    {
        NaiveBayesModel.FamilyName => NaiveBayesModel.Read(reader),
        RecalibratedModel.FileTag => RecalibratedModel.Read(reader),
        GaussianModel.FamilyName => GaussianModel.Read(reader),
        LogisticModel.FamilyName => LogisticModel.Read(reader),
        BoostedTreesModel.FileTag => BoostedTreesModel.Read(reader),
        MlpModel.FamilyName => MlpModel.Read(reader),
        _ => throw new InvalidDataException($"Unknown model family '{tag}'."),
    });

    /// <summary>The model as an ONNX file that takes what <see cref="OnnxInputs"/> says and gives <see cref="OnnxOutput"/>, one a row.</summary>
    /// <param name="calibrator">Applied to the model's probability; null for none.</param>
    /// <param name="eightBit">Whether a network's weights are written as 8-bit numbers; of no effect for other families.</param>
    /// <returns>Null for a family that has no such form.</returns>
    internal static byte[]? ToOnnx(IBinaryModel model, Calibrator? calibrator, bool eightBit = false)
    {
        if (model is not IOnnxModel exported) return null;
        var graph = new OnnxGraph { EightBit = eightBit };
        var logOdds = exported.LogOdds(graph, new OnnxInputs(graph, exported.Columns));
        return CalibrationOnnx.ToModel(graph, logOdds, calibrator, model.Family);
    }

    /// <summary>A model of how often each kind of event came and which came last, as an ONNX file that reads the events themselves: it takes and gives what <see cref="OutcomeOnnx"/> says.</summary>
    /// <param name="model">Fitted on <see cref="StepTable.CountsAndLast"/>.</param>
    internal static byte[] ToOnnxOfSteps(IBinaryModel model, ImmutableArray<string> kinds, Calibrator calibrator) =>
        OutcomeOnnx.Write(model.Family, kinds, calibrator, eightBit: false, (graph, steps) => ((IOnnxModel)model).LogOdds(graph, new StepInputs(graph, steps, model.Columns)));

    /// <summary>The model with its weights rounded to 8-bit numbers; null for one that is no network.</summary>
    internal static IBinaryModel? Rounded(IBinaryModel model) => (model as MlpModel)?.Rounded();

    internal static void WriteColumns(BinaryWriter writer, IReadOnlyList<FeatureColumn> columns)
    {
        writer.Write(columns.Count);
        foreach (var column in columns)
        {
            writer.Write(column.Name);
            var categories = column.IsCategorical ? column.Categories : [];
            writer.Write(categories.Length);
            foreach (var category in categories) writer.Write(category);
        }
    }

    internal static FeatureColumn[] ReadColumns(BinaryReader reader)
    {
        var columns = new FeatureColumn[reader.ReadInt32()];
        for (var i = 0; i < columns.Length; i++)
        {
            var name = reader.ReadString();
            var categories = new string[reader.ReadInt32()];
            for (var c = 0; c < categories.Length; c++) categories[c] = reader.ReadString();
            columns[i] = new FeatureColumn(name, [.. categories]);
        }

        return columns;
    }

    /// <summary>Overflow-safe logistic function.</summary>
    internal static double Sigmoid(double z) => z >= 0 ? 1 / (1 + Math.Exp(-z)) : Math.Exp(z) / (1 + Math.Exp(z));

    internal static double Logit(double p) => Math.Log(p / (1 - p));

    internal static void CheckColumns(IReadOnlyList<FeatureColumn> expected, FeatureMatrix x)
    {
        if (x.Columns.Length != expected.Count) throw new ArgumentException($"The model was fitted on {expected.Count} columns, these rows have {x.Columns.Length}.", nameof(x));
        for (var i = 0; i < expected.Count; i++)
        {
            if (x.Columns[i].Name != expected[i].Name) throw new ArgumentException($"Column {i} is '{x.Columns[i].Name}', the model was fitted on '{expected[i].Name}'.", nameof(x));
        }
    }
}
