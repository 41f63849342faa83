using System.Collections.Immutable;
using System.Text;
using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Trees;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Experiments.Uplift;

/// <summary>Trained models of what an offer changes; each answer is the mean over folds.</summary>
public sealed class UpliftModel
{
    private const string FileTag = "uplift";
    private readonly ImmutableArray<TreeEnsemble> _effectsOfHoldout;
    private readonly ImmutableArray<TreeEnsemble> _effectsOfTreated;
    private readonly double _propensity;

    internal UpliftModel(ImmutableArray<TreeEnsemble> without, ImmutableArray<TreeEnsemble> with, ImmutableArray<TreeEnsemble> effectsOfHoldout, ImmutableArray<TreeEnsemble> effectsOfTreated, double propensity)
    {
        (WithoutModels, WithModels, _effectsOfHoldout, _effectsOfTreated, _propensity) = (without, with, effectsOfHoldout, effectsOfTreated, propensity);
    }

    public UpliftLearner Learner => _effectsOfTreated.IsEmpty ? UpliftLearner.T : UpliftLearner.X;

    /// <summary>Of the outcome without the offer, one a fold.</summary>
    public ImmutableArray<TreeEnsemble> WithoutModels { get; }

    public ImmutableArray<TreeEnsemble> WithModels { get; }

    /// <summary>Reads back what <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The stream holds something else.</exception>
    public static UpliftModel Load(Stream stream)
    {
        using var reader = new BinaryReader(stream, Encoding.UTF8, leaveOpen: true);
        try
        {
            if (reader.ReadString() != FileTag) throw new InvalidDataException("The stream holds no uplift model.");
            var propensity = reader.ReadDouble();
            return new UpliftModel(Ensembles(), Ensembles(), Ensembles(), Ensembles(), propensity);
        }
        catch (EndOfStreamException cut)
        {
            throw new InvalidDataException("The uplift model ends too early.", cut);
        }

        ImmutableArray<TreeEnsemble> Ensembles() => [.. Enumerable.Range(0, reader.ReadInt32()).Select(_ => TreeEnsemble.Load(stream))];
    }

    public void Save(Stream stream)
    {
        using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
        writer.Write(FileTag);
        writer.Write(_propensity);
        foreach (var ensembles in (ReadOnlySpan<ImmutableArray<TreeEnsemble>>)[WithoutModels, WithModels, _effectsOfHoldout, _effectsOfTreated])
        {
            writer.Write(ensembles.Length);
            writer.Flush();
            foreach (var ensemble in ensembles) ensemble.Save(stream);
        }
    }

    public Outcome<UpliftScores> Predict(FeatureMatrix x)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (!Mean(WithoutModels, x).TryGet(out var without, out var problem)) return problem;
        if (!Mean(WithModels, x).TryGet(out var with, out problem)) return problem;
        if (Learner == UpliftLearner.T) return new UpliftScores(without, with, Blend(with, without, 1, -1));
        if (!Mean(_effectsOfHoldout, x).TryGet(out var holdout, out problem)) return problem;
        if (!Mean(_effectsOfTreated, x).TryGet(out var treated, out problem)) return problem;
        return new UpliftScores(without, with, Blend(holdout, treated, _propensity, 1 - _propensity));
    }

    private static Outcome<float[]> Mean(ImmutableArray<TreeEnsemble> models, FeatureMatrix x)
    {
        var mean = new float[x.Rows];
        foreach (var model in models)
        {
            if (!model.Predict(x).TryGet(out var answers, out var problem)) return problem;
            for (var row = 0; row < mean.Length; row++) mean[row] += answers[row] / models.Length;
        }

        return mean;
    }

    private static float[] Blend(float[] a, float[] b, double ofA, double ofB)
    {
        var blended = new float[a.Length];
        for (var row = 0; row < blended.Length; row++) blended[row] = (float)((ofA * a[row]) + (ofB * b[row]));
        return blended;
    }
}
