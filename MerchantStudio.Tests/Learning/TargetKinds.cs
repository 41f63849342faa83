using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Linear;
using MerchantStudio.Core.Learning.Networks;
using MerchantStudio.Core.Learning.Networks.Tables;
using MerchantStudio.Core.Learning.Trees;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Tests.Learning.Trees;
using Xunit;

namespace MerchantStudio.Tests.Learning;

/// <summary>Every family with every target that it learns, trained in a moment.</summary>
internal static class TargetKinds
{
    private static readonly NetworkTraining Short = new(Epochs: 4, BatchSize: 64, Optimizer: new OptimizerOptions(Rate: 0.01));

    public static TheoryData<string, TreesObjective> All => new(
        from family in (string[])["linear", "trees", "mlp"]
        from target in Enum.GetValues<TreesObjective>()
        where family == "trees" || target != TreesObjective.Binary
        select (family, target));

    public static ITargetModel Train(string family, TreesObjective target, int rows = 600) => Train(family, target, TreeEnsembleTests.World(target, rows, 31)).Value.Model;

    /// <param name="validation">A world of its own when null.</param>
    public static Outcome<TargetTraining> Train(string family, TreesObjective target, TreesTable training, TreesTable? validation = null, int threads = 2, NetworkTraining? steps = null, CancellationToken? cancellationToken = null)
    {
        var now = cancellationToken ?? TestContext.Current.CancellationToken;
        validation ??= TreeEnsembleTests.World(target, 300, 32);
        return family switch
        {
            "linear" => LinearTrainer.Fit(target, training, validation, now),
            "trees" => new TreeEnsembleTrainer(target, new TreesOptions(Rounds: 30, LearningRate: 0.2), threads).Train(training, validation, 5, null, now).TryGet(out var trees, out var problem) ? new TargetTraining(trees, []) : problem,
            _ => new PerceptronTrainer(target, new MlpOptions(Training: (steps ?? Short) with { Threads = threads })).Train(training, validation, 5, now),
        };
    }

    public static byte[] Bytes(ITargetModel model) => model.ToOnnx([]);
}
