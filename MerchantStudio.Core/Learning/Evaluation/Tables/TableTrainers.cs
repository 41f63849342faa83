using System.Collections.Immutable;
using System.Globalization;
using MerchantStudio.Core.Learning.Bayes;
using MerchantStudio.Core.Learning.Evaluation.Folds;
using MerchantStudio.Core.Learning.Gaussian;
using MerchantStudio.Core.Learning.Imbalance;
using MerchantStudio.Core.Learning.Linear;
using MerchantStudio.Core.Learning.Networks.Tables;
using MerchantStudio.Core.Learning.Trees;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Learning.Evaluation.Tables;

/// <summary>The families that a table is learnt by.</summary>
internal static class TableTrainers
{
    private static readonly ImmutableArray<string> Families = [NaiveBayesModel.FamilyName, GaussianModel.FamilyName, LogisticModel.FamilyName, BoostedTreesModel.FamilyName, MlpModel.FamilyName];

    public static Problem? Check(ImmutableArray<string> models)
    {
        var unknown = models.FirstOrDefault(name => !Families.Contains(name));
        return unknown is null ? null : new Problem("evaluate.unknown-model", "'{0}' is not a model. Choose from bayes, gaussian, logistic, trees and mlp.", unknown);
    }

    public static IEnumerable<IBinaryTrainer> Of(TableQuestion question, TimeProvider time) => Usual(question, time).Select(trainer => Balanced(trainer, question.Balance));

    private static IEnumerable<IBinaryTrainer> Usual(TableQuestion question, TimeProvider time)
    {
        var started = time.GetTimestamp();
        if (Wanted(NaiveBayesModel.FamilyName)) yield return new NaiveBayesTrainer();
        if (Wanted(GaussianModel.FamilyName)) yield return new GaussianTrainer();
        if (Wanted(LogisticModel.FamilyName)) yield return new LogisticTrainer();
        if (Wanted(BoostedTreesModel.FamilyName))
        {
            yield return new BoostedTreesTrainer(TreesSearch.Settings, goOn: () => question.TimeBudget is not { } budget || time.GetElapsedTime(started) < budget);
        }

        if (Wanted(MlpModel.FamilyName)) yield return new MlpTrainer(time: time);

        bool Wanted(string family) => question.Models.IsDefaultOrEmpty || question.Models.Contains(family);
    }

    /// <summary>Each wanted family with what an inner cross-validation chooses among, from the usual settings to the rarer.</summary>
    public static IEnumerable<(string Family, ImmutableArray<TrainerChoice> Choices)> Choices(TableQuestion question) =>
        Families.Where(family => question.Models.IsDefaultOrEmpty || question.Models.Contains(family))
            .Select(family => (family, ChoicesOf(family).Select(choice => choice with { Trainer = Balanced(choice.Trainer, question.Balance) }).ToImmutableArray()));

    private static IBinaryTrainer Balanced(IBinaryTrainer trainer, Rebalancing? balance) => balance is { } rebalancing ? new RebalancedTrainer(trainer, rebalancing) : trainer;

    private static ImmutableArray<TrainerChoice> ChoicesOf(string family) => family switch
    {
        NaiveBayesModel.FamilyName => [.. new[] { 1.0, 10, 0.1 }.Select(smoothing => Named($"smoothing {smoothing}", new NaiveBayesTrainer(new NaiveBayesOptions(smoothing))))],
        GaussianModel.FamilyName => [Named($"long tails squashed", new GaussianTrainer()), Named($"numbers as they are", new GaussianTrainer(new GaussianOptions(Squash: false)))],
        LogisticModel.FamilyName => [.. new[] { (0.0, false), (0.0, true), (1.0, false), (1.0, true) }.Select(setting => Named(
            $"{(setting.Item1 == 0 ? "L2" : "L1")}{(setting.Item2 ? ", long tails squashed" : "")}", new LogisticTrainer(new LogisticOptions(setting.Item1, Squash: setting.Item2))))],
        BoostedTreesModel.FamilyName => [.. TreesSearch.Settings.Select(settings => Named($"{settings.Leaves} leaves, depth {settings.Depth}", new BoostedTreesTrainer([settings])))],
        _ => [.. new MlpOptions[] { new([64, 32]), new([128, 64], 0.5f), new([32], 0.1f) }.Select(options => Named($"{string.Join('-', options.Hidden)} units, dropout {options.Dropout}", new MlpTrainer(options)))],
    };

    private static TrainerChoice Named(FormattableString name, IBinaryTrainer trainer) => new(name.ToString(CultureInfo.InvariantCulture), trainer);
}
