using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Trees;

namespace MerchantStudio.Core.Experiments.Uplift;

/// <summary>People of an experiment to learn from: what was known before, who got the offer, and what came of it.</summary>
/// <param name="X">Known at the assignment, of everyone in the same way.</param>
/// <param name="Treated">Who was given the offer; the others are the holdout.</param>
/// <param name="Y">1 or 0 for a yes or no, else an amount.</param>
/// <param name="Propensity">Share of the treated that the randomisation promised, above 0 and below 1: known, so it is never estimated.</param>
/// <param name="Target"><see cref="TreesObjective.Binary"/> or <see cref="TreesObjective.Squared"/>.</param>
public sealed record UpliftTable(FeatureMatrix X, bool[] Treated, float[] Y, double Propensity, TreesObjective Target = TreesObjective.Binary)
{
    public UpliftTable Take(ReadOnlySpan<int> rows)
    {
        var (treated, y) = (new bool[rows.Length], new float[rows.Length]);
        for (var i = 0; i < rows.Length; i++) (treated[i], y[i]) = (Treated[rows[i]], Y[rows[i]]);
        return this with { X = X.Take(rows), Treated = treated, Y = y };
    }

    internal void Check()
    {
        if (Treated.Length != X.Rows || Y.Length != X.Rows) throw new InvalidOperationException("Each row needs one arm and one outcome.");
        if (Propensity is not (> 0 and < 1)) throw new InvalidOperationException($"A propensity of {Propensity} leaves nobody to compare with.");
        if (Target is not (TreesObjective.Binary or TreesObjective.Squared)) throw new InvalidOperationException("An uplift is learnt of a yes or no or of an amount.");
    }

    internal TreesTable Of(int[] rows) => new(X.Take(rows), Array.ConvertAll(rows, row => Y[row]));
}

/// <summary>What is expected of each person, in the unit of the outcome.</summary>
/// <param name="Without">Without the offer.</param>
/// <param name="With">With it, by the model of treated people alone: what a plain response model ranks by.</param>
/// <param name="Uplift">What the offer changes.</param>
public sealed record UpliftScores(float[] Without, float[] With, float[] Uplift);

/// <summary>How the effect is put together from models of the outcome.</summary>
public enum UpliftLearner
{
    /// <summary>One model an arm; the uplift is their difference.</summary>
    T,

    /// <summary>The T-learner's models tell for each person what did not happen to her; two more models learn the differences, weighed by the propensity. Better where one arm is small.</summary>
    X,
}

/// <param name="Folds">Parts that the people are cut into: each is told by models of the other parts only.</param>
/// <param name="Outcome">Trees of the outcome in one arm.</param>
/// <param name="Effect">Trees of the differences; flatter, because effects vary less than outcomes.</param>
public sealed record UpliftOptions(UpliftLearner Learner = UpliftLearner.X, int Folds = 3, TreesOptions? Outcome = null, TreesOptions? Effect = null)
{
    internal TreesOptions OutcomeTrees => Outcome ?? new TreesOptions(Rounds: 300, LearningRate: 0.05, Leaves: 8, Depth: 4, MinRows: 100, Patience: 30);

    internal TreesOptions EffectTrees => Effect ?? new TreesOptions(Rounds: 200, LearningRate: 0.03, Leaves: 6, Depth: 3, MinRows: 200, Patience: 30);
}
