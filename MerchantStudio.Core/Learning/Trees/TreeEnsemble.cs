using System.Globalization;
using MerchantStudio.Core.Learning.Onnx;
using MerchantStudio.Core.Learning.Trees.Objectives;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Learning.Trees;

/// <summary>Trained boosted trees.</summary>
public sealed class TreeEnsemble : ITargetModel
{
    internal const string FamilyName = "trees";
    private const string FileTag = "tree-ensemble";
    private const int Threads = 2;

    private readonly Forest _forest;
    private readonly Objective _answers;
    private readonly int _leaves;
    private readonly int _depth;

    internal TreeEnsemble(TreesObjective target, Forest forest, int leaves, int depth)
    {
        Target = target;
        (_forest, _leaves, _depth) = (forest, leaves, depth);
        _answers = target switch
        {
            TreesObjective.Binary => new LogisticLoss(),
            TreesObjective.Squared => new SquaredLoss(),
            TreesObjective.Poisson => new PoissonLoss(),
            TreesObjective.Softmax => new SoftmaxLoss(forest.Outputs),
            _ => new LambdaRank(),
        };
    }

    public string Family => FamilyName;

    public TreesObjective Target { get; }

    public IReadOnlyList<FeatureColumn> Columns => _forest.Columns;

    public int Outputs => _forest.Outputs;

    public string Settings => string.Create(CultureInfo.InvariantCulture, $"{Rounds} rounds, {_leaves} leaves, depth {_depth}");

    /// <summary>Rounds kept: those up to the lowest validation loss.</summary>
    public int Rounds => _forest.Trees.Count / Outputs;

    internal Forest Forest => _forest;

    /// <summary>Reads back what <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The stream holds something else.</exception>
    public static TreeEnsemble Load(Stream stream) => ModelFile.Read(stream, (tag, reader) =>
    {
        if (tag != FileTag) throw new InvalidDataException($"'{tag}' is no ensemble of trees.");
        var (target, leaves, depth) = ((TreesObjective)reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32());
        return new TreeEnsemble(target, Forest.Read(reader), leaves, depth);
    });

    public void Save(Stream stream) => ModelFile.Write(stream, FileTag, writer =>
    {
        writer.Write((int)Target);
        writer.Write(_leaves);
        writer.Write(_depth);
        _forest.Write(writer);
    });

    /// <summary>As the interface says; missing values and numbers beyond those of training are no problem, and a category that training met too rarely counts as missing.</summary>
    public Outcome<float[]> Predict(FeatureMatrix x)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (!ColumnAlignment.Align(_forest.Columns, x).TryGet(out var aligned, out var other)) return other;
        var scores = _forest.Score(aligned, Threads);
        for (var at = 0; at < scores.Length; at += Outputs) _answers.Answer(scores.AsSpan(at, Outputs));
        return Array.ConvertAll(scores, score => (float)score);
    }

    public byte[] ToOnnx(IReadOnlyList<string> classes) => TargetModels.ToOnnx(this, classes, (graph, inputs) =>
        graph.Cast(AnswerOnnx.Of(graph, TreesOnnx.Sums(graph, inputs, _forest), Target, PoissonLoss.MostLogRate), OnnxType.Float));
}
