using MerchantStudio.Components.Pages.Predictions;
using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Evaluation;
using MerchantStudio.Core.Pipeline.Training;
using MerchantStudio.Localization;
using Xunit;

namespace MerchantStudio.Tests.Pages.Predictions;

public sealed class DoubtWordsTests
{
    [Fact]
    public void A_version_that_gives_everybody_the_same_chance_is_told_to_be_of_no_use()
    {
        float[] labels = [1, 0, 0, 1, 0, 0, 0, 0], told = [0.9f, 0.1f, 0.2f, 0.8f, 0.1f, 0.3f, 0.2f, 0.1f];
        Assert.Empty(DoubtWords.Of(new Texts(), Version(BinaryReport.Of("gaussian", told, labels, 0.5, 1))));
        var same = Assert.Single(DoubtWords.Of(new Texts(), Version(BinaryReport.Of("gaussian", new float[8], labels, 0.5, 1))));
        Assert.StartsWith("It gives everybody the same chance", same, StringComparison.Ordinal);

        static TrainedVersion Version(BinaryReport test) => new(Guid.Empty, 1, "gaussian", 8, 1, 1, 1, false, 0, test, test, [], []);
    }

    [Fact]
    public void A_family_that_tries_settings_is_not_said_to_learn_in_rounds()
    {
        LearningStep[] steps = [new(1, 2, 0.5, 0.4), new(2, 2, 0.4, 0.3)];
        Assert.Equal("Best is setting 2: validation log-loss 0.3000", LearningCurves.Title(steps, new Texts(), BinaryModels.Gaussian));
        Assert.Equal("Best at round 2: validation log-loss 0.3000", LearningCurves.Title(steps, new Texts(), "trees"));
        Assert.Equal(("markers", "lines"), (LearningCurves.Of(steps, new Texts(), BinaryModels.Gaussian)!.Data[0].Mode, LearningCurves.Of(steps, new Texts(), "trees")!.Data[0].Mode));
    }
}
