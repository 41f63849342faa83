using System.Text.Json.Nodes;
using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Evaluation.Sequences;
using MerchantStudio.Core.Learning.Evaluation.Tables;
using MerchantStudio.Tests.Hosting;
using Xunit;

namespace MerchantStudio.Tests.Learning;

public sealed class SequenceEvaluationTests
{
    private static readonly SequenceQuestion Question = new("who", "at", "did", "buy", TimeSpan.FromMinutes(30), Seen: 2, Epochs: 40);

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    /// <summary>A cart after a view is bought, a view after a cart is not: the counts are the same, only the order tells; one in ten only looks.</summary>
    [Fact]
    public void Networks_see_the_order_that_counts_do_not()
    {
        var report = SequenceEvaluation.Run(Log(), Question, null, Now).Value;
        Assert.Equal((600 * 3, 600), (report.Events, report.Sessions));
        Assert.Equal(["buy", "cart", "leave", "view"], report.Kinds);
        Assert.Equal(["majority", "rule of thumb", "logistic on counts", "sasrec", "gru", "lstm", "cnn"], report.Outcome.Select(model => model.Model));
        Assert.Equal(["majority", "logistic on counts", "sasrec", "gru", "lstm", "cnn"], report.Next.Select(model => model.Model));
        Assert.All(report.Outcome, model => Assert.Equal(120, model.Rows));
        Assert.InRange(report.Outcome[1].Auroc, 0.5, 0.7);   // it knows that who has put nothing in the basket leaves
        Assert.InRange(report.Outcome[2].Auroc, 0.3, 0.7);
        Assert.All(report.Outcome.Skip(3), model => Assert.True(model.Auroc > 0.95, model.Model));
        Assert.True(report.Next[0].Accuracy < 0.7);
        Assert.All(report.Next.Skip(2), model => Assert.True(model.Accuracy > 0.95, model.Model));
        Assert.All(report.Next.Skip(2), model => Assert.True(model.LogLoss < report.Next[0].LogLoss));
    }

    [Fact]
    public void A_session_ends_with_a_long_silence_and_what_began_later_comes_later()
    {
        var table = new Table(["who", "at", "did"], [["b", "9000", "view"], ["a", "100", "cart"], ["a", "0", "view"], ["a", "1900", "buy"], ["a", "20000", "view"]]);
        var log = SessionLog.Of(table, Question).Value;
        Assert.Equal(["buy", "cart", "view"], log.Kinds);
        Assert.Equal<int[]>([[3, 2], [1], [3], [3]], log.Sessions);
        var dated = new Table(["who", "at", "did"], [["a", "2026-01-01 10:00", "view"], ["a", "2026-01-01 10:29", "cart"], ["a", "2026-01-01 11:00", "buy"]]);
        Assert.Equal<int[]>([[3, 2], [1]], SessionLog.Of(dated, Question).Value.Sessions);
    }

    [Theory]
    [InlineData("who", "at", "did", "refund", "evaluate.no-target")]
    [InlineData("whom", "at", "did", "buy", "evaluate.no-column")]
    [InlineData("who", "did", "did", "buy", "evaluate.bad-time")]
    [InlineData("who", "at", "did", "leave", "evaluate.one-class")]
    public void What_cannot_be_judged_is_said_in_words(string shopper, string time, string kind, string target, string code)
    {
        var table = code == "evaluate.one-class" ? new Table(["who", "at", "did"], [["a", "1", "view"], ["a", "2", "leave"]]) : Log();
        Assert.Equal(code, SequenceEvaluation.Run(table, new SequenceQuestion(shopper, time, kind, target, TimeSpan.FromMinutes(30)), null, Now).Problem?.Code);
    }

    [Fact]
    public async Task A_log_is_evaluated_on_the_command_line()
    {
        var folder = Directory.CreateTempSubdirectory("merchant-studio-test-").FullName;
        try
        {
            var path = Path.Combine(folder, "log.csv");
            var log = Log();
            await File.WriteAllLinesAsync(path, [string.Join(',', log.Header), .. log.Rows.Select(row => string.Join(',', row))], Now);
            var ending = await StudioProcess.RunAsync("evaluate", "sequences", path, "--shopper", "who", "--time", "at", "--event", "did", "--target", "buy", "--seen", "2", "--epochs", "1");
            Assert.True(ending.Code == 0, ending.Error);
            Assert.Equal(600, JsonNode.Parse(ending.Out)!["sessions"]!.GetValue<int>());
            Assert.Equal("majority", JsonNode.Parse(ending.Out)!["next"]![0]!["model"]!.GetValue<string>());
            Assert.NotEqual(0, (await StudioProcess.RunAsync("evaluate", "sequences", path, "--shopper", "who", "--time", "at", "--event", "did", "--target", "buy", "--gap", "none")).Code);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Table Log()
    {
        var random = new SeededRandom(4);
        var rows = new List<string[]>();
        for (var shopper = 0; shopper < 600; shopper++)
        {
            string[] did = random.NextInt(10) switch { 0 => ["view", "view", "leave"], < 5 => ["view", "cart", "buy"], _ => ["cart", "view", "leave"] };
            for (var step = 0; step < did.Length; step++) rows.Add([$"s{shopper}", $"{(shopper * 10_000) + (step * 60)}", did[step]]);
        }

        return new Table(["who", "at", "did"], rows);
    }
}
