using System.Collections.Immutable;
using MerchantStudio.Core.Learning.Trees;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Learning;

/// <summary>A trained model that tells a class, a number, a count or an order of rows.</summary>
public interface ITargetModel
{
    /// <summary>"linear", "trees" or "mlp".</summary>
    string Family { get; }

    TreesObjective Target { get; }

    /// <summary>What it was fitted on.</summary>
    IReadOnlyList<FeatureColumn> Columns { get; }

    /// <summary>Answers a row: the number of classes, else 1.</summary>
    int Outputs { get; }

    /// <summary>The settings that were chosen, in words.</summary>
    string Settings { get; }

    /// <summary>Answers as <see cref="TreesObjective"/> says. A category that training never met counts as missing; categories are matched by name, so their codes may differ from training's.</summary>
    /// <returns>Row after row, <see cref="Outputs"/> answers each; a problem when the columns are not those of training.</returns>
    Outcome<float[]> Predict(FeatureMatrix x);

    /// <summary>The model as an ONNX file: it takes a row's columns as a model for yes or no does, and gives "answer", <see cref="Outputs"/> columns.</summary>
    /// <param name="classes">Their names, for the file's metadata; empty where there are none.</param>
    /// <returns>Of the same model always the same bytes.</returns>
    byte[] ToOnnx(IReadOnlyList<string> classes);
}

/// <summary>What a training gave.</summary>
/// <param name="Notes">What the merchant should know before trusting it: a training that broke off.</param>
public sealed record TargetTraining(ITargetModel Model, ImmutableArray<Problem> Notes);
