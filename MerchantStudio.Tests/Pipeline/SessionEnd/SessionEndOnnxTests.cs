using System.Collections.Immutable;
using MerchantStudio.Core.Insights.Intent;
using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Evaluation;
using MerchantStudio.Core.Learning.Evaluation.Sequences;
using MerchantStudio.Core.Learning.Linear;
using MerchantStudio.Core.Learning.Networks;
using MerchantStudio.Core.Learning.Networks.Sequences;
using MerchantStudio.Core.Learning.Trees;
using MerchantStudio.Core.Native.OnnxRuntime;
using MerchantStudio.Core.Pipeline.SessionEnd;
using MerchantStudio.Tests.Learning.Onnx;
using Xunit;

namespace MerchantStudio.Tests.Pipeline.SessionEnd;

/// <summary>Models of how visits end tell the same chances in ONNX Runtime: for short and long visits, empty ones, and kinds of events that they never met.</summary>
public sealed class SessionEndOnnxTests
{
    private const int Rows = 10_000;
    private const double Tolerance = 1e-5;
    private const string NeverMet = "never met";

    private static readonly ImmutableArray<string> Kinds = ["view", "search", "收藏", "add_to_cart", "share", "compare", "ask", "return", "look"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> Families => ["logistic", "trees", .. SequenceOptions.Families];

    [Theory]
    [MemberData(nameof(Families))]
    public void The_file_takes_kinds_by_the_numbers_that_it_lists_and_gives_the_calibrated_chance(string family)
    {
        Assert.SkipWhen(OnnxRuntimeLibrary.Version is null, "ONNX Runtime is not offered for this machine.");
        var reader = Train(family);
        string[][] visits = [.. UnusualHistories.Of(Rows, Kinds.Length, 6, strange: true).Select(visit => visit.Select(id => id <= Kinds.Length ? Kinds[id - 1] : NeverMet).ToArray())];
        foreach (var calibrator in (Calibrator[])[new PlattCalibrator(1.7, -0.4), new IsotonicCalibrator([0.1, 0.3, 0.5, 0.8], [0.02, 0.2, 0.7, 0.9])])
        {
            var model = new SessionEndModel(Kinds, reader, new ChanceScale(calibrator, CalibrationBand.Fit([0.2f, 0.8f], [0, 1], 1)));
            var file = model.ToOnnx();
            var listed = UnusualHistories.Listed(file, "kinds");
            int[][] steps = [.. visits.Select(visit => visit.Select(kind => kind == NeverMet ? 40 : 1 + listed.IndexOf(kind)).ToArray())];
            var theirs = UnusualHistories.Run(file, steps, "probability");
            double?[] ours = [.. visits.Select(visit => model.Score(visit)?.Probability)];
            Assert.True(ours.Distinct().Count() > 100);
            Assert.Contains(null, ours);
            for (var row = 0; row < Rows; row++) Assert.True(ours[row] is { } chance ? Math.Abs(chance - theirs[row]) <= Tolerance : float.IsNaN(theirs[row]), $"{calibrator.Method}, row {row}: {ours[row]} here, {theirs[row]} in the runtime");
        }
    }

    private static SessionReader Train(string family)
    {
        int[][] visits = [.. UnusualHistories.Of(400, Kinds.Length, 5, strange: false).Where(visit => visit.Length > 0)];
        float[] y = [.. visits.Select((visit, row) => visit[^1] > 4 || row % 9 == 0 ? 1f : 0f)];
        var training = new ShopperSequences(visits);
        if (SequenceOptions.Families.IndexOf(family) is var at and >= 0)
        {
            var options = new SequenceOptions(Enum.GetValues<SequenceReader>()[at], Columns: 16, Blocks: 2, Heads: 2, Length: 8, Dropout: 0.1f, Training: new NetworkTraining(3, BatchSize: 32, Optimizer: new OptimizerOptions(Rate: 0.01)));
            return SessionReader.Of(new SessionOutcomeTrainer(options).Train(training, y, training, y, Kinds.Length, 1, null, null, Token).Model);
        }

        var x = StepTable.CountsAndLast(visits, Kinds);
        IBinaryTrainer trainer = family == "trees" ? new BoostedTreesTrainer([new TreesOptions(Rounds: 30, Leaves: 8, Depth: 4)], 1) : new LogisticTrainer(new LogisticOptions(Squash: true));
        return SessionReader.Of(trainer.Train(x, y, x, y, 1, null, Token).Value.Model, Kinds);
    }
}
