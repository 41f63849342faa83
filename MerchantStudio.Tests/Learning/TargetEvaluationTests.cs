using System.Globalization;
using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Evaluation.Tables;
using MerchantStudio.Core.Learning.Evaluation.Tables.Targets;
using MerchantStudio.Core.Learning.Onnx;
using MerchantStudio.Core.Learning.Trees;
using MerchantStudio.Tests.Hosting;
using Xunit;

namespace MerchantStudio.Tests.Learning;

public sealed class TargetEvaluationTests
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public void Every_family_tells_classes_better_than_the_majority()
    {
        var report = Report(TreesObjective.Softmax, "kind");
        Assert.Equal(["coat", "hat", "shoe"], report.Classes);
        Assert.Equal(["majority", "linear", "trees", "mlp"], report.Models.Select(model => model.Model));
        Assert.Equal(1 / 3.0, Figure(report, "majority", "mean recall"), 6);
        foreach (var family in TargetFamilies.All)
        {
            Assert.True(Figure(report, family, "log-loss") < Figure(report, "majority", "log-loss") - 0.2, family);
            Assert.True(Figure(report, family, "macro f1") > Figure(report, "majority", "macro f1") + 0.15, family);
        }
    }

    [Fact]
    public void Every_family_tells_a_number_and_a_count_better_than_the_mean()
    {
        var (number, count) = (Report(TreesObjective.Squared, "spend"), Report(TreesObjective.Poisson, "orders"));
        Assert.InRange(Figure(number, "mean", "r2"), -0.05, 0);
        foreach (var family in TargetFamilies.All)
        {
            Assert.True(Figure(number, family, "r2") > 0.8, family);
            Assert.True(Figure(count, family, "poisson deviance") < 0.8 * Figure(count, "mean", "poisson deviance"), family);
        }
    }

    [Fact]
    public void Every_family_orders_the_rows_of_a_query_and_none_lies_on_two_sides()
    {
        var report = Report(TreesObjective.Ranking, "grade", "search");
        foreach (var family in TargetFamilies.All) Assert.True(Figure(report, family, "ndcg@10") > Figure(report, "file order", "ndcg@10") + 0.1, family);
        Assert.Equal(0, report.TestRows % 12);   // as many rows as every search has
        Assert.Equal(0, report.TrainingRows % 12);
    }

    [Fact]
    public void Figures_are_those_of_the_textbook()
    {
        var none = LearningWorld.Numbers([0, 0, 0, 0]);
        var classes = TargetMetrics.Of(TreesObjective.Softmax, [0.8f, 0.2f, 0.6f, 0.4f, 0.9f, 0.1f, 0.2f, 0.8f], new TreesTable(none, [0, 1, 0, 1]));
        Assert.Equal([0.75, 0.75, (0.8 + (2 / 3.0)) / 2, -(Math.Log(0.8) + Math.Log(0.4) + Math.Log(0.9) + Math.Log(0.8)) / 4], classes.Select(metric => metric.Value), (a, b) => Math.Abs(a - b) < 1e-6);
        var numbers = TargetMetrics.Of(TreesObjective.Squared, [1, 2, 3, 6], new TreesTable(none, [1, 2, 3, 4]));
        Assert.Equal([1, 0.5, 1 - (1 / 1.25)], numbers.Select(metric => metric.Value), (a, b) => Math.Abs(a - b) < 1e-6);
        var counts = TargetMetrics.Of(TreesObjective.Poisson, [1, 1, 2, 2], new TreesTable(none, [1, 0, 2, 2]));
        Assert.Equal(0.5, counts[0].Value, 6);   // 2 × (0 − (0 − 1)) for one row of four
        var order = TargetMetrics.Of(TreesObjective.Ranking, [1, 2, 0, 0], new TreesTable(none, [2, 1, 0, 0], QuerySizes: [3, 1]));
        Assert.Equal((1 + (3 / Math.Log2(3))) / (3 + (1 / Math.Log2(3))), order[0].Value, 9);   // the second query has no gain
    }

    [Fact]
    public void Weights_raise_the_recall_of_a_rare_class()
    {
        var plain = Report(TreesObjective.Softmax, "rare");
        var balanced = Report(TreesObjective.Softmax, "rare", balanced: true);
        foreach (var family in TargetFamilies.All) Assert.True(Figure(balanced, family, "mean recall") > Figure(plain, family, "mean recall") + 0.05, family);
    }

    [Fact]
    public void A_column_that_gives_the_label_away_is_named()
    {
        var world = World();
        var told = world with
        {
            Header = [.. world.Header, "aisle", "receipt"],
            Rows = [.. world.Rows.Select((row, i) => (string[])[.. row, i % 90 == 0 ? "" : $"of {row[2]}", (2 * double.Parse(row[3], CultureInfo.InvariantCulture)).ToString("R", CultureInfo.InvariantCulture)])],
        };
        Assert.Equal(["aisle"], Named(told, TreesObjective.Softmax, "kind"));
        Assert.Equal(["receipt"], Named(told, TreesObjective.Squared, "spend"));
        Assert.Empty(Named(world, TreesObjective.Softmax, "kind"));
        Assert.Empty(Named(world, TreesObjective.Squared, "spend"));
        Assert.Empty(Named(world, TreesObjective.Poisson, "orders"));

        static object[] Named(Table table, TreesObjective target, string label)
        {
            var notes = TargetEvaluation.Run(table, Question(target, label, null, false) with { Models = ["linear"] }, TimeProvider.System, null, Now).Value.Models[1].Notes;
            Assert.All(notes, note => Assert.Equal("learning.leak-label", note.Code));
            return [.. notes.Select(note => note.Arguments[0])];
        }
    }

    [Fact]
    public void What_cannot_be_told_is_refused_in_words()
    {
        Assert.Equal("evaluate.class-count", Problem(TreesObjective.Softmax, "visits"));
        Assert.Equal("evaluate.label-not-number", Problem(TreesObjective.Squared, "kind"));
        Assert.Equal("trees.label-not-grade", Problem(TreesObjective.Ranking, "spend", "search"));
        Assert.Equal("evaluate.ranking-needs-query", Problem(TreesObjective.Ranking, "grade"));
        Assert.Equal("evaluate.no-label", Problem(TreesObjective.Squared, "nothing"));
        Assert.Equal("evaluate.unknown-target-model", TargetEvaluation.Run(World(), Question(TreesObjective.Squared, "spend", null, false) with { Models = ["bayes"] }, TimeProvider.System, null, Now).Problem?.Code);
        var few = World() with { Rows = [.. World().Rows.Take(200), .. World().Rows.Take(1).Select(row => (string[])[.. row[..2], "glove", .. row[3..]])] };
        Assert.Contains(Enumerable.Range(1, 20), seed => TargetEvaluation.Run(few, Question(TreesObjective.Softmax, "kind", null, false) with { Split = TableSplit.Parse($"random:{seed}").Value, Models = ["linear"] }, TimeProvider.System, null, Now).Problem?.Code == "evaluate.class-not-learnt");
    }

    /// <summary>The command as it is typed.</summary>
    [Fact]
    public async Task Fitted_models_are_written_as_ONNX_files_that_name_their_classes()
    {
        var folder = Directory.CreateTempSubdirectory("target-onnx-").FullName;
        try
        {
            var table = World();
            var path = Path.Combine(folder, "shoppers.csv");
            await File.WriteAllLinesAsync(path, [string.Join(',', table.Header), .. table.Rows.Take(400).Select(row => string.Join(',', row))], Now);
            var ending = await StudioProcess.RunAsync("evaluate", "table", path, "--label", "kind", "--ids", "spend,orders,grade,rare,search", "--task", "classes", "--models", "linear,trees", "--onnx", Path.Combine(folder, "models"));
            Assert.True(ending.Code == 0, ending.Error);
            Assert.Equal(["linear.onnx", "trees.onnx"], Directory.GetFiles(Path.Combine(folder, "models")).Select(Path.GetFileName).Order());
            var file = await File.ReadAllBytesAsync(Path.Combine(folder, "models", "trees.onnx"), Now);
            Assert.True(file.AsSpan().IndexOf("[\"coat\",\"hat\",\"shoe\"]"u8) > 0);
            if (ExportedModel.Numbers(file, new Dictionary<string, float[]> { [OnnxInputs.Numbers] = [1, 0.2f, 8, 0.2f, 8, 0.9f] }, 3, TargetModels.OnnxOutput) is not { } chances) return;   // no ONNX Runtime for this machine
            Assert.Equal([1, 0, 2], Enumerable.Range(0, 3).Select(row => chances.AsSpan(row * 3, 3).IndexOf(chances.Skip(row * 3).Take(3).Max())));   // few visits: a hat; else young ones a coat, old ones a shoe
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static double Figure(TargetReport report, string model, string metric) => report.Models.Single(one => one.Model == model).Metrics.Single(one => one.Name == metric).Value;

    private static string? Problem(TreesObjective target, string label, string? query = null) => TargetEvaluation.Run(World(), Question(target, label, query, false), TimeProvider.System, null, Now).Problem?.Code;

    private static TargetReport Report(TreesObjective target, string label, string? query = null, bool balanced = false) =>
        TargetEvaluation.Run(World(), Question(target, label, query, balanced), TimeProvider.System, null, Now).Value;

    private static TargetQuestion Question(TreesObjective target, string label, string? query, bool balanced) =>
        new(target, label, query, [.. new[] { "kind", "spend", "orders", "grade", "rare", "search" }.Where(name => name != label && name != query)], TableSplit.Parse("hash:1").Value, [], balanced);

    private static Table World()
    {
        var random = new SeededRandom(5);
        var rows = new List<string[]>();
        for (var row = 0; row < 1_800; row++)
        {
            var (visits, age) = (random.NextDouble() * 10, random.NextDouble());
            var kind = visits + random.NextDouble() < 4 ? "hat" : age > 0.5 ? "shoe" : "coat";
            var spend = (3 * visits) + (10 * age) + random.NextDouble();
            var orders = 0;
            for (var chance = Math.Exp(-0.3 * visits); random.NextDouble() > chance && orders < 20;) orders++;
            var grade = Math.Clamp((int)((visits + (2 * random.NextDouble())) / 4), 0, 3);
            var rare = visits + (3 * random.NextDouble()) > 11 ? "yes" : age > 0.5 ? "old" : "young";
            string[] cells = [Text(visits), Text(age), kind, Text(spend), Text(orders), Text(grade), rare, $"q{row / 12}"];
            rows.Add(cells);
        }

        return new Table(["visits", "age", "kind", "spend", "orders", "grade", "rare", "search"], rows);

        static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
    }
}
