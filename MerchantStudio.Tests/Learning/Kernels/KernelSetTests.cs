using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Kernels;
using MerchantStudio.Core.Learning.Networks;
using MerchantStudio.Core.Learning.Networks.Sequences;
using MerchantStudio.Core.Learning.Networks.Tables;
using Xunit;

namespace MerchantStudio.Tests.Learning.Kernels;

/// <summary>A model trained with the fastest set gives the same chances where the processor has less.</summary>
public sealed class KernelSetTests
{
    private const double Tolerance = 1e-5;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> Sets => [.. KernelSet.All.Select(set => set.Name)];

    [Theory]
    [MemberData(nameof(Sets))]
    public void A_perceptron_scores_alike_under_every_set(string name)
    {
        var (x, y) = LearningWorld.Shoppers(3_000, 1);
        var training = new NetworkTraining(5, 64, Optimizer: new OptimizerOptions(Rate: 0.01));
        var model = (MlpModel)new MlpTrainer(new MlpOptions(Training: training)).Train(x, y, x, y, 1, null, Token).Value.Model;
        var (trained, forced) = (model.Score(x), model.Score(x, Set(name)));
        Assert.All(trained.Zip(forced), pair => Assert.Equal(pair.First, pair.Second, Tolerance));
        if (name == KernelSet.Best.Name) Assert.Equal(trained, forced);
        else if (name == "Scalar") Assert.NotEqual(trained, forced);   // it is really another one
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void A_network_over_sequences_scores_alike_under_every_set(string name)
    {
        int[][] sessions = [.. Enumerable.Range(0, 400).Select(i => Enumerable.Range(0, 1 + (i % 7)).Select(step => 1 + ((i + (step * i)) % 9)).ToArray())];
        var y = sessions.Select(session => session[^1] > 4 ? 1f : 0f).ToArray();
        foreach (var reader in Enum.GetValues<SequenceReader>())
        {
            var options = new SequenceOptions(reader, Columns: 32, Blocks: 2, Heads: 2, Length: 6, Training: new NetworkTraining(3, 32, Optimizer: new OptimizerOptions(Rate: 0.01)));
            var model = new SessionOutcomeTrainer(options).Train(new ShopperSequences(sessions), y, new ShopperSequences(sessions), y, 9, 1, null, null, Token).Model;
            Assert.All(sessions, session => Assert.Equal(model.Score(session), model.Score(session, Set(name)), Tolerance));
        }
    }

    private static KernelSet Set(string name) => KernelSet.All.Single(set => set.Name == name);
}
