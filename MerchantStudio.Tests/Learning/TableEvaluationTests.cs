using MerchantStudio.Core.Learning.Evaluation;
using MerchantStudio.Core.Learning.Evaluation.Tables;
using Xunit;

namespace MerchantStudio.Tests.Learning;

public sealed class TableEvaluationTests
{
    [Fact]
    public void Equal_records_stay_on_one_side_of_the_hash_split()
    {
        var split = HashSplit.Of([.. Enumerable.Range(0, 400).Select(i => $"row {i % 100}")], 3);
        for (var i = 0; i < 100; i++) Assert.Single(Enumerable.Range(0, 4).Select(copy => (split.Test[i + (100 * copy)], split.Validation[i + (100 * copy)])).Distinct());
        Assert.All(split.TestRows, row => Assert.False(split.Validation[row]));
    }

    [Fact]
    public void Buckets_are_the_first_four_bytes_of_the_md5()
    {
        // MD5("0:1") = 08b5ffe7..., big-endian 146145255.
        Assert.Equal((int)(Convert.ToUInt32(Convert.ToHexString(HashSplit.Md5("0:1"))[..8], 16) % 100), HashSplit.Bucket("0:1"));
    }

    [Fact]
    public void The_report_sets_each_model_beside_the_majority_and_the_rule_of_thumb()
    {
        var report = TableEvaluation.Run(Shoppers(), Question("hash:1"), TimeProvider.System, null, TestContext.Current.CancellationToken).Value;
        Assert.Equal(["majority", "rule of thumb", "bayes", "gaussian", "logistic", "trees", "mlp"], report.Models.Select(model => model.Metrics.Model));
        Assert.Equal(report.Rows, report.TrainingRows + report.ValidationRows + report.TestRows);
        Assert.Equal("yes", report.Positive);
        Assert.StartsWith("visits >=", report.Rule, StringComparison.Ordinal);
        Assert.True(report.Models[4].Metrics.Auroc > report.Models[1].Metrics.Auroc);
        Assert.Equal(["visits:number", "colour:category", "noise:number", "age:number"], report.Columns.Select(column => $"{column.Name}:{column.Kind}"));
    }

    [Fact]
    public void Dates_become_days_with_the_days_between_them_and_rare_texts_how_many_other_rows_have_them()
    {
        var table = new Table(["signup", "purchase", "device", "y"], [["1/1/15 12:00", "1/3/15 0:00", "a", "1"], ["2015-01-02", "2015-01-02", "a", "0"], ["", "1/2/15 0:00", "b", "0"], ["1/1/15", "1/1/15", "a", "1"]]);
        var encoder = TableEncoder.Fit(table, [0, 1, 2], new HashSet<int> { 3 });
        Assert.Equal(["signup", "purchase", "device (count)", "purchase - signup"], encoder.Columns.Select(column => column.Name));
        var x = encoder.Encode(table, [0, 1, 2, 3]);
        Assert.Equal([5479.5f, 5480, float.NaN, 5479], x.Column(0).ToArray());   // days from 2000 to 2015: 15 years with four leap days
        Assert.Equal([1.5f, 0, float.NaN, 0], x.Column(3).ToArray());
        Assert.Equal([1f, 1, 0, 2], x.Column(2).ToArray());   // the last row is not one of the training rows, so both of them are others
        Assert.StartsWith("device: 2 different texts", Assert.Single(encoder.LeftOut), StringComparison.Ordinal);
    }

    [Fact]
    public void A_time_split_tests_on_the_last_fifth()
    {
        var table = new Table(["day", "y"], [.. Enumerable.Range(0, 100).Select(i => new[] { $"2026-01-{1 + (i % 28):00}", i % 3 == 0 ? "1" : "0" })]);
        var split = TableSplitter.Split(table, TableSplit.Parse("time:day").Value, []).Value;
        Assert.Equal(20, split.TestRows.Length);
        Assert.All(split.TestRows, row => Assert.True(string.CompareOrdinal(table.Rows[row][0], "2026-01-22") >= 0));
    }

    [Theory]
    [InlineData("Bought", "hash:1", "evaluate.no-label")]
    [InlineData("colour", "hash:1", "evaluate.not-two-values")]
    [InlineData("bought", "time:when", "evaluate.no-time-column")]
    [InlineData("bought", "time:colour", "evaluate.bad-time")]
    public void What_cannot_be_answered_says_why(string label, string split, string code) =>
        Assert.Equal(code, TableEvaluation.Run(Shoppers(), Question(split) with { Label = label }, TimeProvider.System, null, TestContext.Current.CancellationToken).Problem?.Code);

    [Theory]
    [InlineData("hash")]
    [InlineData("hash:x")]
    [InlineData("time:")]
    [InlineData("fold:3")]
    public void A_split_that_is_none_is_refused(string text) => Assert.Equal("evaluate.bad-split", TableSplit.Parse(text).Problem?.Code);

    private static TableQuestion Question(string split) => new("bought", null, ["id"], TableSplit.Parse(split).Value, [], null);

    private static Table Shoppers()
    {
        var (x, y) = LearningWorld.Shoppers(1500, 91);
        string[] colours = ["red", "green", "blue"];
        return new Table(["id", "visits", "colour", "noise", "age", "bought"], [.. Enumerable.Range(0, x.Rows).Select(row => new[]
        {
            $"u{row}", FormattableString.Invariant($"{x[row, 0]}"), colours[(int)x[row, 1]], FormattableString.Invariant($"{x[row, 2]}"),
            float.IsNaN(x[row, 3]) ? "" : FormattableString.Invariant($"{x[row, 3]}"), y[row] == 1 ? "yes" : "no",
        })]);
    }
}
