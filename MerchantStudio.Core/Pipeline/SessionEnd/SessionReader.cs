using System.Collections.Immutable;
using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Evaluation;
using MerchantStudio.Core.Learning.Evaluation.Sequences;
using MerchantStudio.Core.Learning.Networks.Sequences;

namespace MerchantStudio.Core.Pipeline.SessionEnd;

/// <summary>What reads the beginning of a visit: a network step by step, or a model of tables how often each kind came and which came last.</summary>
internal abstract class SessionReader
{
    public abstract string Family { get; }

    /// <summary>Uncalibrated chances of a purchase, 0 to 1.</summary>
    /// <param name="prefixes">Of one step or more each.</param>
    public abstract float[] Raw(IReadOnlyList<int[]> prefixes);

    /// <summary>How much each kind of event moved the log-odds of <see cref="Raw"/>.</summary>
    /// <param name="prefix">Of one step or more.</param>
    /// <returns>One value a kind, in the order of their ids, then the bias; together they are the log-odds. Of a table what came last counts for that kind.</returns>
    public abstract double[] Explain(int[] prefix);

    /// <summary>The model as an ONNX file; see <see cref="SessionEndModel.ToOnnx"/>.</summary>
    public abstract byte[] ToOnnx(ImmutableArray<string> kinds, Calibrator calibrator, bool eightBit);

    /// <summary>The same with its weights rounded to 8-bit numbers; null for one that is no network.</summary>
    public abstract SessionReader? Rounded();

    public abstract void Save(Stream stream);

    public static SessionReader Of(SessionOutcomeModel model) => new Network(model);

    public static SessionReader Of(IBinaryModel model, ImmutableArray<string> kinds) => new TableModel(model, kinds);

    /// <param name="isNetwork">Which of the two it is; the file says so before it.</param>
    public static SessionReader Load(Stream stream, bool isNetwork, ImmutableArray<string> kinds) => isNetwork ? Of(SessionOutcomeModel.Load(stream)) : Of(BinaryModels.Load(stream), kinds);

    public bool IsNetwork => this is Network;

    private sealed class Network(SessionOutcomeModel model) : SessionReader
    {
        public override string Family => model.Family;

        public override float[] Raw(IReadOnlyList<int[]> prefixes) => [.. prefixes.Select(prefix => model.Score(prefix))];

        public override double[] Explain(int[] prefix)
        {
            var steps = model.Explain(prefix);
            var moved = new double[model.Ids + 1];
            for (var step = 0; step < prefix.Length; step++) moved[prefix[step] - 1] += steps[step];
            moved[^1] = steps[^1];
            return moved;
        }

        public override byte[] ToOnnx(ImmutableArray<string> kinds, Calibrator calibrator, bool eightBit) => model.ToOnnx(kinds, calibrator, eightBit);

        public override SessionReader? Rounded() => Of(model.Rounded());

        public override void Save(Stream stream) => model.Save(stream);
    }

    private sealed class TableModel(IBinaryModel model, ImmutableArray<string> kinds) : SessionReader
    {
        public override string Family => model.Family;

        public override float[] Raw(IReadOnlyList<int[]> prefixes) => model.Score(StepTable.CountsAndLast(prefixes, kinds));

        public override double[] Explain(int[] prefix)
        {
            var columns = model.Explain(StepTable.CountsAndLast([prefix], kinds), 0);
            double[] moved = [.. columns[..kinds.Length], columns[^1]];
            moved[prefix[^1] - 1] += columns[kinds.Length];
            return moved;
        }

        public override byte[] ToOnnx(ImmutableArray<string> kinds, Calibrator calibrator, bool eightBit) => BinaryModels.ToOnnxOfSteps(model, kinds, calibrator);

        public override SessionReader? Rounded() => null;

        public override void Save(Stream stream) => model.Save(stream);
    }
}
