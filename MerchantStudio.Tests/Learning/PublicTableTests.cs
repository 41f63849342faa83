using MerchantStudio.Core.Ingestion.Text;
using MerchantStudio.Core.Learning.Evaluation.Tables;
using Xunit;

namespace MerchantStudio.Tests.Learning;

public sealed class PublicTableTests
{
    [Fact]
    public void On_the_online_shoppers_file_trees_rank_far_better_than_logistic_regression()
    {
        using var file = DelimitedFile.Open(PublicData.Find("online-shoppers-intention/online_shoppers_intention.csv"), new FileReading()).Value;
        var rows = new List<string[]>();
        while (file.Read()) rows.Add([.. file.Columns.Select((_, column) => file.Text(column))]);
        var question = new TableQuestion("Revenue", null, [], TableSplit.Parse("hash:1").Value, [], TimeSpan.Zero);
        var report = TableEvaluation.Run(new Table(file.Columns, rows), question, TimeProvider.System, null, TestContext.Current.CancellationToken).Value;
        Assert.Equal((12_330, "TRUE", "a66b3aedeab3"), (report.Rows, report.Positive, report.SplitCheck));
        var auroc = report.Models.ToDictionary(model => model.Metrics.Model, model => model.Metrics.Auroc);
        Assert.InRange(auroc["trees"], 0.935, 0.95);
        Assert.InRange(auroc["logistic"], 0.88, 0.90);
        Assert.True(auroc["rule of thumb"] < auroc["logistic"]);
    }
}
