using System.Text;
using MerchantStudio.Core.Learning.Trees.Objectives;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Learning.Trees;

/// <summary>Trained boosted trees.</summary>
public sealed class TreeEnsemble
{
    private const string Signature = "MSTREES1";

    private readonly Forest _forest;
    private readonly Objective _answers;

    internal TreeEnsemble(TreesObjective objective, Forest forest)
    {
        Objective = objective;
        _forest = forest;
        _answers = objective switch
        {
            TreesObjective.Binary => new LogisticLoss(),
            TreesObjective.Squared => new SquaredLoss(),
            TreesObjective.Poisson => new PoissonLoss(),
            TreesObjective.Softmax => new SoftmaxLoss(forest.Outputs),
            _ => new LambdaRank(),
        };
    }

    public TreesObjective Objective { get; }

    /// <summary>Answers a row: the number of classes, else 1.</summary>
    public int Outputs => _forest.Outputs;

    /// <summary>Rounds kept: those up to the lowest validation loss.</summary>
    public int Rounds => _forest.Trees.Count / Outputs;

    internal Forest Forest => _forest;

    /// <summary>
    /// Answers as <see cref="TreesObjective"/> says. Missing values and numbers beyond those of training are no problem; a category that training never met, or met too rarely,
    /// counts as missing. Categories are matched by name, so their codes may differ from training's.
    /// </summary>
    /// <returns>Row after row, <see cref="Outputs"/> answers each; a problem when the columns are not those of training.</returns>
    public Outcome<float[]> Predict(FeatureMatrix x, int threads = 2)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (!ColumnAlignment.Align(_forest.Columns, x).TryGet(out var aligned, out var other)) return other;
        var scores = _forest.Score(aligned, threads);
        for (var at = 0; at < scores.Length; at += Outputs) _answers.Answer(scores.AsSpan(at, Outputs));
        return Array.ConvertAll(scores, score => (float)score);
    }

    /// <summary>Writes the model so that <see cref="Load"/> reads it back; the same model always gives the same bytes.</summary>
    public void Save(Stream stream)
    {
        using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
        writer.Write(Signature);
        writer.Write((int)Objective);
        _forest.Write(writer);
    }

    /// <exception cref="InvalidDataException">The stream does not hold an ensemble of this version.</exception>
    public static TreeEnsemble Load(Stream stream)
    {
        using var reader = new BinaryReader(stream, Encoding.UTF8, leaveOpen: true);
        try
        {
            if (reader.ReadString() != Signature) throw new InvalidDataException("Not a file of trees.");
            var objective = (TreesObjective)reader.ReadInt32();
            if (!Enum.IsDefined(objective)) throw new InvalidDataException($"Unknown objective {objective}.");
            return new TreeEnsemble(objective, Forest.Read(reader));
        }
        catch (EndOfStreamException cut)
        {
            throw new InvalidDataException("The file of trees ends too early.", cut);
        }
    }
}
