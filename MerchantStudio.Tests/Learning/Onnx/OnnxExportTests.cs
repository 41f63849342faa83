using System.Collections.Immutable;
using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Bayes;
using MerchantStudio.Core.Learning.Evaluation;
using MerchantStudio.Core.Learning.Gaussian;
using MerchantStudio.Core.Learning.Imbalance;
using MerchantStudio.Core.Learning.Linear;
using MerchantStudio.Core.Learning.Networks;
using MerchantStudio.Core.Learning.Networks.Tables;
using MerchantStudio.Core.Learning.Trees;
using MerchantStudio.Core.Native.OnnxRuntime;
using Xunit;

namespace MerchantStudio.Tests.Learning.Onnx;

/// <summary>ONNX Runtime runs what we export and must answer what we answer: also for values that equal a threshold, missing ones and words never met.</summary>
public sealed class OnnxExportTests
{
    private const int Rows = 10_000;
    private const double Tolerance = 1e-5;
    private static readonly NetworkTraining Short = new(Epochs: 4, BatchSize: 64, Optimizer: new OptimizerOptions(Rate: 0.01));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, string?> Cases => new()
    {
        { "bayes", null }, { "bayes", "platt" }, { "gaussian", null }, { "gaussian", "isotonic" }, { "gaussian own", "platt" }, { "gaussian alone", null },
        { "rebalanced bayes", null }, { "rebalanced gaussian", "platt" }, { "rebalanced trees", "isotonic" }, { "rebalanced mlp", "platt" },
        { "logistic", null }, { "logistic squashed", "platt" }, { "trees", null }, { "trees", "platt" }, { "trees", "isotonic" }, { "trees depth-wise", "isotonic" },
        { "mlp", null }, { "mlp", "platt" }, { "mlp deep", "isotonic" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_runtime_gives_the_same_probabilities(string family, string? calibration)
    {
        Assert.SkipWhen(OnnxRuntimeLibrary.Version is null, "ONNX Runtime is not offered for this machine.");
        var (x, y) = LearningWorld.Shoppers(20_000, 5);
        var (validX, validY) = LearningWorld.Shoppers(8_000, 6);
        IBinaryTrainer trainer = family switch
        {
            "bayes" => new NaiveBayesTrainer(),
            "gaussian" => new GaussianTrainer(),
            "gaussian own" => new GaussianTrainer(new GaussianOptions(OwnShares: [1], Squash: false)),
            "gaussian alone" => new GaussianTrainer(new GaussianOptions(OwnShares: [0], Ridges: [1])),
            "rebalanced bayes" => new RebalancedTrainer(new NaiveBayesTrainer(), Rebalancing.Weights),
            "rebalanced gaussian" => new RebalancedTrainer(new GaussianTrainer(), Rebalancing.OverSampling),
            "rebalanced trees" => new RebalancedTrainer(new BoostedTreesTrainer([new TreesOptions(Rounds: 60)]), Rebalancing.UnderSampling),
            "rebalanced mlp" => new RebalancedTrainer(new MlpTrainer(new MlpOptions(Training: Short)), Rebalancing.UnderSampling),
            "logistic" => new LogisticTrainer(new LogisticOptions { Squash = false }),
            "logistic squashed" => new LogisticTrainer(new LogisticOptions { Squash = true }),
            "mlp" => new MlpTrainer(new MlpOptions(Training: Short)),
            "mlp deep" => new MlpTrainer(new MlpOptions([16, 12, 8], Training: Short)),
            "trees" => new BoostedTreesTrainer([new TreesOptions(Rounds: 60)]),
            _ => new BoostedTreesTrainer([new TreesOptions(Rounds: 60, Leaves: 32, Depth: 5, Growth: TreeGrowth.DepthWise)]),
        };
        var model = trainer.Train(x, y, validX, validY, 3, null, Token).Value.Model;
        Calibrator? calibrator = calibration switch
        {
            null => null,
            "platt" => Calibration.FitPlatt(model.Score(validX), validY),
            _ => Calibration.FitIsotonic(model.Score(validX), validY),
        };
        var rows = UnusualRows.Of(Rows, Thresholds(model));
        var ours = model.Score(rows);
        if (calibrator is not null) ours = calibrator.Apply(ours);
        var theirs = UnusualRows.Run(BinaryModels.ToOnnx(model, calibrator)!, rows, BinaryModels.OnnxOutput);
        Assert.True(ours.Distinct().Count() > 100);
        for (var row = 0; row < Rows; row++) Assert.True(Math.Abs(ours[row] - theirs[row]) <= Tolerance, $"row {row}: {ours[row]} here, {theirs[row]} in the runtime");
    }

    [Fact]
    public void Categories_by_the_hundred_are_parted_alike()
    {
        Assert.SkipWhen(OnnxRuntimeLibrary.Version is null, "ONNX Runtime is not offered for this machine.");
        var random = new SeededRandom(9);
        var categories = Enumerable.Range(0, 300).Select(i => $"类目 {i}").ToArray();
        var codes = Enumerable.Range(0, Rows).Select(row => row % 50 == 0 ? float.NaN : random.NextInt(300)).ToArray();
        var y = codes.Select(code => (float.IsNaN(code) || code % 7 < 3) == (random.NextDouble() < 0.9) ? 1f : 0f).ToArray();
        var x = new FeatureMatrix([new FeatureColumn("category", [.. categories])], Rows, codes);
        var model = new BoostedTreesTrainer([new TreesOptions(Rounds: 20)]).Train(x, y, x, y, 3, null, Token).Value.Model;
        var theirs = UnusualRows.Run(BinaryModels.ToOnnx(model, null)!, x, BinaryModels.OnnxOutput);
        Assert.All(model.Score(x).Zip(theirs), pair => Assert.Equal(pair.First, pair.Second, Tolerance));
    }

    /// <summary>Where a model's answer bends or jumps, by column.</summary>
    private static ILookup<int, float> Thresholds(IBinaryModel model) => model switch
    {
        RecalibratedModel recalibrated => Thresholds(recalibrated.Inner),
        NaiveBayesModel bayes => bayes.Evidence.SelectMany((evidence, column) => Bends(evidence).Select(bend => (column, bend))).ToLookup(bend => bend.column, bend => bend.bend),
        BoostedTreesModel trees => trees.Trees.SelectMany(tree => tree.Nodes).Where(node => !node.IsLeaf && node.Categories is null).ToLookup(node => node.Column, node => node.Threshold),
        MlpModel network => network.Encoding.Numbers.SelectMany(number => number.Edges.Select(edge => (number.Column, edge))).ToLookup(edge => edge.Column, edge => edge.edge),
        _ => Array.Empty<float>().ToLookup(_ => 0),
    };

    private static ImmutableArray<float> Bends(ColumnEvidence evidence) => evidence switch
    {
        BinEvidence bins => bins.Cuts,
        NormalEvidence normal => [(float)normal.Least, (float)normal.Most],
        _ => [],
    };
}
