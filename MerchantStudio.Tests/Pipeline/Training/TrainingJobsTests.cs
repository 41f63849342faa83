using MerchantStudio.Core.Pipeline.Training;
using Xunit;

namespace MerchantStudio.Tests.Pipeline.Training;

public sealed class TrainingJobsTests
{
    [Fact]
    public void A_network_is_expected_to_learn_as_long_as_the_longest_of_its_last_three_trainings_that_ended_by_themselves()
    {
        var usual = TrainingJobs.Usual([new("gru", 5, true), new("gru", 11, false), new("lstm", 8, false), new("gru", 14, false), new("trees", 0, false), new("gru", 9, false), new("gru", 30, false), new("cnn", 3, true)]);
        Assert.Equal([("gru", 14), ("lstm", 8)], usual.OrderBy(pair => pair.Key).Select(pair => (pair.Key, pair.Value)));
    }
}
