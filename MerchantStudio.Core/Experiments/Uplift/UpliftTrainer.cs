using System.Collections.Immutable;
using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Trees;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Experiments.Uplift;

/// <summary>Learns from an experiment whom an offer changes, with boosted trees. The same table, options and seed give the same answers, whatever the number of threads.</summary>
/// <remarks>
/// Künzel, Sekhon, Bickel and Yu, Metalearners for estimating heterogeneous treatment effects using machine learning, PNAS 116, 2019 (T- and X-learner; their weight g is the known propensity).
/// Cross-fitted as in Chernozhukov et al., Double/debiased machine learning, Econometrics Journal 21, 2018: a person's imputed effect comes from models that did not see her. The fold left out
/// decides only after which round trees stop.
/// </remarks>
public sealed class UpliftTrainer(UpliftOptions options, int threads = 2)
{
    /// <returns>A problem when an arm cannot be learnt from.</returns>
    public Outcome<UpliftModel> Train(UpliftTable table, int seed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(table);
        table.Check();
        var folds = UpliftFolds.Of(table.Treated, options.Folds, seed);
        var (without, with) = (ImmutableArray.CreateBuilder<TreeEnsemble>(), ImmutableArray.CreateBuilder<TreeEnsemble>());
        foreach (var treated in (ReadOnlySpan<bool>)[false, true])
        {
            for (var fold = 0; fold < options.Folds; fold++)
            {
                var (learn, stop) = folds.Rows(fold, row => table.Treated[row] == treated);
                if (!Fit(table.Target, options.OutcomeTrees, table.Of(learn), table.Of(stop), seed, cancellationToken).TryGet(out var model, out var problem)) return problem;
                (treated ? with : without).Add(model);
            }
        }

        var model0 = new UpliftModel(without.ToImmutable(), with.ToImmutable(), [], [], table.Propensity);
        return options.Learner == UpliftLearner.T ? model0 : WithEffects(model0, table, folds, seed, cancellationToken);
    }

    /// <summary>What models that never saw a person say of her: for reading the people of the experiment themselves.</summary>
    /// <param name="parts">Each part is told by a whole training on the others.</param>
    public Outcome<UpliftScores> OutOfFold(UpliftTable table, int parts, int seed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(table);
        table.Check();
        var scores = new UpliftScores(new float[table.Y.Length], new float[table.Y.Length], new float[table.Y.Length]);
        var folds = UpliftFolds.Of(table.Treated, parts, seed ^ 0x5EED);
        for (var part = 0; part < parts; part++)
        {
            var (learn, told) = folds.Rows(part, _ => true);
            if (!Train(table.Take(learn), seed, cancellationToken).TryGet(out var model, out var problem)) return problem;
            if (!model.Predict(table.X.Take(told)).TryGet(out var part0, out problem)) return problem;
            for (var i = 0; i < told.Length; i++) (scores.Without[told[i]], scores.With[told[i]], scores.Uplift[told[i]]) = (part0.Without[i], part0.With[i], part0.Uplift[i]);
        }

        return scores;
    }

    private Outcome<UpliftModel> WithEffects(UpliftModel outcomes, UpliftTable table, UpliftFolds folds, int seed, CancellationToken cancellationToken)
    {
        if (!Imputed(outcomes, table, folds).TryGet(out var effects, out var problem)) return problem;
        var imputed = table with { Y = effects, Target = TreesObjective.Squared };
        var (holdout, treated) = (ImmutableArray.CreateBuilder<TreeEnsemble>(), ImmutableArray.CreateBuilder<TreeEnsemble>());
        foreach (var arm in (ReadOnlySpan<bool>)[false, true])
        {
            for (var fold = 0; fold < options.Folds; fold++)
            {
                var (learn, stop) = folds.Rows(fold, row => table.Treated[row] == arm);
                if (!Fit(TreesObjective.Squared, options.EffectTrees, imputed.Of(learn), imputed.Of(stop), seed, cancellationToken).TryGet(out var model, out problem)) return problem;
                (arm ? treated : holdout).Add(model);
            }
        }

        return new UpliftModel(outcomes.WithoutModels, outcomes.WithModels, holdout.ToImmutable(), treated.ToImmutable(), table.Propensity);
    }

    /// <summary>What happened less what would have without the offer (treated), what would have with it less what happened (holdout).</summary>
    private static Outcome<float[]> Imputed(UpliftModel outcomes, UpliftTable table, UpliftFolds folds)
    {
        var effects = new float[table.Y.Length];
        for (var fold = 0; fold < folds.Count; fold++)
        {
            foreach (var arm in (ReadOnlySpan<bool>)[false, true])
            {
                var (_, told) = folds.Rows(fold, row => table.Treated[row] == arm);
                var other = arm ? outcomes.WithoutModels[fold] : outcomes.WithModels[fold];
                if (!other.Predict(table.X.Take(told)).TryGet(out var predicted, out var problem)) return problem;
                for (var i = 0; i < told.Length; i++) effects[told[i]] = arm ? table.Y[told[i]] - predicted[i] : predicted[i] - table.Y[told[i]];
            }
        }

        return effects;
    }

    private Outcome<TreeEnsemble> Fit(TreesObjective target, TreesOptions trees, TreesTable learn, TreesTable stop, int seed, CancellationToken cancellationToken) =>
        new TreeEnsembleTrainer(target, trees, threads).Train(learn, stop, seed, null, cancellationToken);
}

/// <summary>Which fold each row is in; both arms are spread evenly.</summary>
internal sealed class UpliftFolds(int[] fold, int count)
{
    public int Count => count;

    public static UpliftFolds Of(bool[] treated, int count, int seed)
    {
        if (count < 2) throw new ArgumentOutOfRangeException(nameof(count), count, "Cross-fitting needs two folds or more.");
        var fold = new int[treated.Length];
        var random = new SeededRandom((ulong)seed);
        foreach (var arm in (ReadOnlySpan<bool>)[false, true])
        {
            var rows = random.Shuffle(Enumerable.Range(0, treated.Length).Where(row => treated[row] == arm).ToArray());
            for (var i = 0; i < rows.Length; i++) fold[rows[i]] = i % count;
        }

        return new UpliftFolds(fold, count);
    }

    /// <returns>Wanted rows outside the fold, and those in it.</returns>
    public (int[] Outside, int[] Inside) Rows(int part, Func<int, bool> wanted)
    {
        var rows = Enumerable.Range(0, fold.Length).Where(wanted).ToLookup(row => fold[row] == part);
        return ([.. rows[false]], [.. rows[true]]);
    }
}
