using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Evaluation;
using MerchantStudio.Core.Learning.Imbalance;
using MerchantStudio.Core.Learning.Linear;
using MerchantStudio.Core.Outcomes;
using Xunit;

namespace MerchantStudio.Tests.Learning;

public sealed class RebalancedTrainerTests
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    public static TheoryData<Rebalancing> Ways => [.. Enum.GetValues<Rebalancing>()];

    [Theory]
    [MemberData(nameof(Ways))]
    public void Training_rows_are_balanced_with_their_own_labels_and_validation_rows_are_not_touched(Rebalancing way)
    {
        var (x, y) = Rare(2_000, 1);
        var (validationX, validationY) = Rare(500, 2);
        var watcher = new Watcher();
        new RebalancedTrainer(watcher, way).Train(x, y, validationX, validationY, 1, null, Now);
        Assert.Equal(0.5, Rate(watcher), 1e-4);
        Assert.Equal(way switch { Rebalancing.UnderSampling => 2 * (int)y.Sum(), Rebalancing.OverSampling => 2 * (y.Length - (int)y.Sum()), _ => y.Length }, watcher.Y.Length);
        var labels = y.Select((label, row) => (x[row, 2], label)).ToDictionary();   // noise tells rows apart
        Assert.All(watcher.Y.Select((label, row) => (Noise: watcher.X[row, 2], label)), seen => Assert.Equal(labels[seen.Noise], seen.label));
        Assert.Same(validationX, watcher.ValidationX);
        Assert.Equal(validationY, watcher.ValidationY);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Chances_hold_what_they_say_again(Rebalancing way)
    {
        var (x, y) = Rare(6_000, 3);
        var (validationX, validationY) = Rare(3_000, 4);
        var (testX, testY) = Rare(6_000, 5);
        foreach (var (vx, vy) in new[] { (validationX, validationY), (LearningWorld.Nothing(x), []) })
        {
            var model = new RebalancedTrainer(new LogisticTrainer(new LogisticOptions(Strengths: [0.001])), way).Train(x, y, vx, vy, 1, null, Now).Value.Model;
            var chances = model.Score(testX);
            var plain = new LogisticTrainer(new LogisticOptions(Strengths: [0.001])).Train(x, y, vx, vy, 1, null, Now).Value.Model;
            Assert.Equal(plain.Score(testX).Average(), chances.Average(), 0.02f);   // without the way back it would be about 0.35
            Assert.InRange(BinaryMetrics.LogLoss(chances, testY), 0, BinaryMetrics.LogLoss(plain.Score(testX), testY) + 0.01);
            Assert.Equal(BinaryMetrics.Auroc(plain.Score(testX), testY), BinaryMetrics.Auroc(chances, testY), 0.01);
        }
    }

    private static double Rate(Watcher seen) => seen.X.Weights.IsEmpty
        ? seen.Y.Average()
        : seen.Y.Select((label, row) => (double)label * seen.X.Weights[row]).Sum() / seen.X.Weights.ToArray().Sum(weight => (double)weight);

    /// <summary>About one row in twelve buys.</summary>
    private static (FeatureMatrix X, float[] Y) Rare(int rows, int seed)
    {
        var (x, y) = LearningWorld.Shoppers(4 * rows, seed);
        var random = new SeededRandom((ulong)seed + 77);
        int[] kept = [.. Enumerable.Range(0, x.Rows).Where(row => y[row] == 0 || random.NextDouble() < 0.15).Take(rows)];
        return (x.Take(kept), [.. kept.Select(row => y[row])]);
    }

    private sealed class Watcher : IBinaryTrainer
    {
        private readonly LogisticTrainer _inner = new();

        public string Family => _inner.Family;

        public FeatureMatrix X { get; private set; } = null!;

        public float[] Y { get; private set; } = [];

        public FeatureMatrix ValidationX { get; private set; } = null!;

        public float[] ValidationY { get; private set; } = [];

        public Outcome<BinaryTraining> Train(FeatureMatrix x, ReadOnlySpan<float> y, FeatureMatrix validationX, ReadOnlySpan<float> validationY, int seed, IProgress<LearningStep>? progress, CancellationToken cancellationToken)
        {
            (X, Y, ValidationX, ValidationY) = (x, y.ToArray(), validationX, validationY.ToArray());
            return _inner.Train(x, y, validationX, validationY, seed, progress, cancellationToken);
        }
    }
}
