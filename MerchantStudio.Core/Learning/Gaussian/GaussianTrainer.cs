using System.Collections.Immutable;
using MerchantStudio.Core.Learning.Evaluation;
using MerchantStudio.Core.Learning.Linear;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Learning.Gaussian;

/// <summary>What the validation rows choose among; without them the first of each is taken.</summary>
/// <param name="HalfLives">After which share of the time that the training rows span a row counts half; 0 lets all count alike. For rows without ages 0 is taken.</param>
/// <param name="OwnShares">How far each class has a covariance of its own, 1, or shares one with the other, 0.</param>
/// <param name="Ridges">How far the covariances between inputs are drawn towards none, 0 to 1.</param>
/// <param name="Squash">Whether long-tailed numbers go through sign(v)·log(1+|v|) first.</param>
public sealed record GaussianOptions(ImmutableArray<double> HalfLives = default, ImmutableArray<double> OwnShares = default, ImmutableArray<double> Ridges = default, bool Squash = true)
{
    public static readonly ImmutableArray<double> DefaultHalfLives = [0, 1, 0.5, 0.25, 0.125];

    public static readonly ImmutableArray<double> DefaultOwnShares = [0, 0.2, 0.6, 1];

    public static readonly ImmutableArray<double> DefaultRidges = [0.05, 0.3, 0.9];
}

/// <summary>
/// Fits one bell curve over all inputs to the shoppers who said yes and one to the others; the older a row, the less it counts, so the curves stand for what interests shoppers now.
/// Half-life and the covariances' shape are those that the validation rows prefer.
/// </summary>
/// <param name="options">The defaults when null.</param>
/// <param name="stopHere">Asked before each choice after the first; true keeps the best so far. Null tries all.</param>
/// <remarks>Friedman, Regularized discriminant analysis, JASA 84(405), 1989; exponential forgetting: Gama and others, A survey on concept drift adaptation, ACM Computing Surveys 46(4), 2014.</remarks>
public sealed class GaussianTrainer(GaussianOptions? options = null, Func<bool>? stopHere = null) : IBinaryTrainer
{
    private readonly GaussianOptions _options = options ?? new GaussianOptions();

    public string Family => GaussianModel.FamilyName;

    public Outcome<BinaryTraining> Train(FeatureMatrix x, ReadOnlySpan<float> y, FeatureMatrix validationX, ReadOnlySpan<float> validationY, int seed, IProgress<LearningStep>? progress, CancellationToken cancellationToken)
    {
        if (TableCheck.Binary(x, y, validationX, validationY) is { } problem) return problem;
        var encoder = DesignEncoder.Fit(x, _options.Squash);
        var design = GaussianModel.Bounded(encoder, x);
        GaussianModel? best = null;
        var (bestLoss, round) = (double.PositiveInfinity, 0);
        var (youngest, span) = Ages(x.Ages);
        var choices = Choices(span).ToArray();
        GaussianMoments? moments = null;
        foreach (var choice in choices)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (best is not null && stopHere is not null && stopHere()) break;
            if (moments?.HalfLife != choice.HalfLife) moments = GaussianMoments.Of(design, y, x, youngest, choice.HalfLife);
            var model = new GaussianModel(encoder, moments.Discriminant(choice.OwnShare, choice.Ridge), choice);
            var loss = validationX.Rows == 0 ? double.NaN : BinaryMetrics.LogLoss(model.Score(validationX), validationY);
            progress?.Report(new LearningStep(++round, choices.Length, BinaryMetrics.LogLoss(model.Score(design, x.Rows), y), loss));
            if (best is not null && !(loss < bestLoss)) continue;
            best = model;
            bestLoss = loss;
            if (validationX.Rows == 0) break;
        }

        return new BinaryTraining(best!, [.. TableCheck.Leaks(x, y)]);
    }

    private IEnumerable<GaussianChoice> Choices(double span) =>
        from share in span > 0 ? Given(_options.HalfLives, GaussianOptions.DefaultHalfLives) : [0]
        from own in Given(_options.OwnShares, GaussianOptions.DefaultOwnShares)
        from ridge in Given(_options.Ridges, GaussianOptions.DefaultRidges)
        select new GaussianChoice(share * span, own, ridge);

    private static ImmutableArray<double> Given(ImmutableArray<double> values, ImmutableArray<double> usual) => values.IsDefaultOrEmpty ? usual : values;

    /// <returns>A span of 0 for rows without ages.</returns>
    private static (double Youngest, double Span) Ages(ReadOnlySpan<float> ages)
    {
        if (ages.IsEmpty) return (0, 0);
        var (least, most) = (ages[0], ages[0]);
        foreach (var age in ages) (least, most) = (Math.Min(least, age), Math.Max(most, age));
        return (least, (double)most - least);
    }
}

/// <param name="HalfLife">In the unit of the rows' ages; 0 when all rows count alike.</param>
internal readonly record struct GaussianChoice(double HalfLife, double OwnShare, double Ridge);
