using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Linear;
using MerchantStudio.Core.Learning.Networks;
using MerchantStudio.Core.Learning.Networks.Tables;
using MerchantStudio.Core.Learning.Onnx.Brought;
using MerchantStudio.Core.Learning.Trees;
using MerchantStudio.Core.Native.OnnxRuntime;
using MerchantStudio.Core.Workers;
using Xunit;

namespace MerchantStudio.Tests.Learning.Onnx.Brought;

/// <summary>Models that mean well, run in the process of their own.</summary>
public sealed class BroughtRunnerTests
{
    private static readonly float[] Missing = [float.NaN, 2, 3, 4, 9, 1, 7, 5];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("logistic")]
    [InlineData("trees")]
    [InlineData("mlp")]
    public async Task A_model_of_the_studio_comes_back_with_the_same_chances(string family)
    {
        Assert.SkipWhen(OnnxRuntimeLibrary.Version is null, "ONNX Runtime is not offered for this machine.");
        var (x, y) = LearningWorld.Shoppers(6_000, 5);
        x = x.Select([0, 2, 3]);   // the numbers; some are missing
        IBinaryTrainer trainer = family switch
        {
            "logistic" => new LogisticTrainer(new LogisticOptions()),
            "trees" => new BoostedTreesTrainer([new TreesOptions(Rounds: 20)]),
            _ => new MlpTrainer(new MlpOptions(Training: new NetworkTraining(2, 64, Optimizer: new OptimizerOptions(Rate: 0.01)))),
        };
        var model = trainer.Train(x, y, x, y, 3, null, Token).Value.Model;
        var file = BinaryModels.ToOnnx(model, null)!;
        var graph = OnnxScan.Read(file).Value;
        var mapping = BroughtMapping.Suggest(graph, ["age", "noise", "visits"]);
        Assert.Equal(["visits", "noise", "age"], mapping.Features);
        Assert.Equal("probability", mapping.Output);
        var theirs = (await Runner().RunAsync(file, graph, mapping, x, Token)).Value;
        Assert.All(model.Score(x).Zip(theirs), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
    }

    [Fact]
    public async Task A_missing_feature_is_given_as_the_number_that_was_chosen_and_of_two_results_the_last_is_the_chance()
    {
        Assert.SkipWhen(OnnxRuntimeLibrary.Version is null, "ONNX Runtime is not offered for this machine.");
        var x = new FeatureMatrix([new FeatureColumn("a"), new FeatureColumn("b")], 4, Missing);
        var file = HandmadeModel.Of(("Sigmoid", ["x"], "p"));
        var graph = OnnxScan.Read(file).Value;
        var answers = (await Runner().RunAsync(file, graph, new BroughtMapping(["b", "a"], "p", -1), x, Token)).Value;
        Assert.Equal(BinaryModels.Sigmoid(-1), answers[0], 1e-6);
        Assert.Equal(BinaryModels.Sigmoid(2), answers[1], 1e-6);
        Assert.Equal("model-file.unmapped", (await Runner().RunAsync(file, graph, new BroughtMapping(["b", null], "p", -1), x, Token)).Problem?.Code);
    }

    private static BroughtRunner Runner() => new(new WorkerRunner(Microsoft.Extensions.Options.Options.Create(new WorkerOptions())));
}
