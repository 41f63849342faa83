using MerchantStudio.Core.Pipeline.Training;
using Xunit;

namespace MerchantStudio.Tests.Pipeline.Training;

public sealed class TrainingJobsTests
{
    [Fact]
    public void A_network_is_expected_to_learn_as_long_as_the_longest_of_its_last_three_trainings_on_most_rows()
    {
        var usual = TrainingJobs.Usual([Of("gru", 25, 49), Of("gru", 11), Of("lstm", 8), Of("gru", 14, 50), Of("trees", 0), Of("gru", 29, 100, stopped: true), Of("gru", 9), Of("gru", 30), Of("cnn", 3, 20)]);
        Assert.Equal([("gru", 14), ("lstm", 8)], usual.OrderBy(pair => pair.Key).Select(pair => (pair.Key, pair.Value)));

        static LearntFor Of(string family, int epochs, int rows = 100, bool stopped = false) => LearntFor.Of(family, epochs, rows, 100, stopped);
    }
}
