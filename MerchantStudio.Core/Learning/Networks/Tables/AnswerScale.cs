using MerchantStudio.Core.Learning.Onnx;
using MerchantStudio.Core.Learning.Trees;

namespace MerchantStudio.Core.Learning.Networks.Tables;

/// <summary>What a model's raw answers stand for. Numbers are learnt in deviations from their mean, counts as multiples of their mean.</summary>
internal sealed record AnswerScale(TreesObjective Target, int Outputs, float Factor, float Shift)
{
    /// <summary>The logarithm of a count goes no higher: e^30 is more than any count.</summary>
    public const float MostLogRate = 30;

    public static AnswerScale Of(TreesObjective target, TreesTable training)
    {
        if (target is TreesObjective.Binary) throw new ArgumentException("Yes or no has trainers of its own.", nameof(target));
        if (target is TreesObjective.Softmax) return new AnswerScale(target, (int)training.Y.Max() + 1, 1, 0);
        var mean = training.Y.Average();
        if (target is TreesObjective.Poisson) return new AnswerScale(target, 1, mean, 0);
        return new AnswerScale(target, 1, (float)Math.Sqrt(training.Y.Average(y => (y - mean) * (y - mean))), mean);
    }

    /// <summary>The same rows with labels as a model is to say them.</summary>
    public TreesTable Scaled(TreesTable rows) => rows with { Y = Array.ConvertAll(rows.Y, y => (y - Shift) / Factor) };

    /// <summary>From raw answers to the classes' probabilities, the number or the count, in place.</summary>
    public void Answer(Span<float> raw)
    {
        if (Target == TreesObjective.Softmax)
        {
            var (most, sum) = (float.NegativeInfinity, 0f);
            foreach (var score in raw) most = MathF.Max(most, score);
            foreach (ref var score in raw) sum += score = MathF.Exp(score - most);
            foreach (ref var score in raw) score /= sum;
        }
        else raw[0] = Target == TreesObjective.Poisson ? Factor * MathF.Exp(MathF.Min(raw[0], MostLogRate)) : (Factor * raw[0]) + Shift;
    }

    /// <summary>As <see cref="Answer"/>.</summary>
    /// <param name="raw">A column of Double for each answer.</param>
    /// <returns>As many columns of Float.</returns>
    public string ToOnnx(OnnxGraph graph, string raw)
    {
        var answers = AnswerOnnx.Of(graph, raw, Target, MostLogRate);
        if (Target != TreesObjective.Softmax) answers = graph.Add("Add", graph.Add("Mul", answers, graph.Scalar(Factor)), graph.Scalar(Shift));
        return graph.Cast(answers, OnnxType.Float);
    }
}
