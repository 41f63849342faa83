using System.Globalization;
using System.Text;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Ingestion;
using MerchantStudio.Core.Ingestion.Text;
using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Evaluation;
using MerchantStudio.Core.Learning.Trees;
using MerchantStudio.Core.Shop;
using MerchantStudio.Core.Warehouse;
using MerchantStudio.Tests.Worlds;
using Xunit;

namespace MerchantStudio.Tests.Promotions.Targeting;

/// <summary>
/// Coupons of a grocer: the baskets come into a shop through the importer, the campaigns before October 2017 teach who redeems a coupon, and the largest one after them, campaign 18, is judged.
/// </summary>
public sealed class CompleteJourneyTests
{
    private const string Judged = "18";
    private static readonly string[] Features = ["orders", "spent", "days_since_order", "with_discount", "redeemed_before", "campaigns_before", "share_redeemed", "type_a"];
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public Task Past_campaigns_tell_better_than_spending_who_redeems_in_a_new_one() => JudgeAsync(household => household % 3 == 0);

    [Fact(Explicit = true)]
    [Trait("Size", "Full")]
    public Task All_households_of_the_largest_campaign_are_judged() => JudgeAsync(_ => true);

    private static async Task JudgeAsync(Func<int, bool> takes)
    {
        await using var studio = await TemporaryStudio.OpenAsync();
        await ImportAsync(studio, takes);
        var campaigns = Read("complete-journey/campaign_descriptions.csv").ToDictionary(row => row[0], row => (Type: row[1], From: Day(row[2]), To: Day(row[3])));
        var received = Read("complete-journey/campaigns.csv").Where(row => takes(int.Parse(row[1], CultureInfo.InvariantCulture))).ToArray();
        var redeemed = Read("complete-journey/coupon_redemptions.csv").Where(row => takes(int.Parse(row[0], CultureInfo.InvariantCulture))).Select(row => (Household: row[0], Campaign: row[2], On: Day(row[3]))).ToArray();
        var opened = campaigns[Judged].From;
        var past = received.Where(row => campaigns[row[0]].To < opened && campaigns[row[0]].From >= new DateTime(2017, 2, 1)).ToArray();
        var unseen = received.Where(row => row[0] == Judged).ToArray();
        var (learn, test) = (await TableAsync(past), await TableAsync(unseen));
        var folds = Enumerable.Range(0, past.Length).ToLookup(row => int.Parse(past[row][1], CultureInfo.InvariantCulture) % 4 == 0);
        var model = new TreeEnsembleTrainer(TreesObjective.Binary, new TreesOptions(Rounds: 200, LearningRate: 0.05, Leaves: 8, Depth: 4, MinRows: 20, Patience: 20)).Train(Part(false), Part(true), 1, null, Now).Value;
        var told = model.Predict(test.X).Value;
        var (byModel, bySpending) = (BinaryMetrics.Auroc(told, test.Y), BinaryMetrics.Auroc(test.X.Column(1), test.Y));
        var (fifth, fifthBySpending) = (Top(told), Top(test.X.Column(1).ToArray()));
        TestContext.Current.TestOutputHelper?.WriteLine(FormattableString.Invariant($"learnt from {past.Length} mailings, {unseen.Length} unseen households of which {test.Y.Sum():F0} redeemed; AUROC {byModel:F3}, by spending {bySpending:F3}; a fifth of the mailings reaches {fifth:P0} of those who redeem, by spending {fifthBySpending:P0}, by chance 20 %"));
        Assert.True(byModel > 0.7, $"{byModel}");
        Assert.True(byModel > bySpending + 0.03, $"{byModel} beside {bySpending}");
        Assert.True(fifth > fifthBySpending, $"{fifth} beside {fifthBySpending}");

        TreesTable Part(bool held) => new(learn.X.Take([.. folds[held]]), [.. folds[held].Select(row => learn.Y[row])]);
        double Top(float[] scores) => Enumerable.Range(0, scores.Length).OrderByDescending(row => scores[row]).Take(scores.Length / 5).Sum(row => test.Y[row]) / test.Y.Sum();

        // Each household as she stood on the first day of the campaign that she was mailed: nothing after it is looked at.
        async Task<TreesTable> TableAsync(string[][] mailings)
        {
            var values = new float[Features.Length, mailings.Length];
            foreach (var campaign in mailings.Select(row => row[0]).Distinct())
            {
                var from = campaigns[campaign].From;
                var bought = (await BoughtAsync(studio, from)).ToDictionary(row => row.Household);
                for (var row = 0; row < mailings.Length; row++)
                {
                    if (mailings[row][0] != campaign) continue;
                    var household = mailings[row][1];
                    var had = bought.GetValueOrDefault(household);
                    var before = received.Where(other => other[1] == household && campaigns[other[0]].From < from).Select(other => other[0]).ToHashSet();
                    var took = redeemed.Where(one => one.Household == household && one.On < from).ToArray();
                    float[] known = [had.Orders, had.Spent, had.Orders == 0 ? float.NaN : had.Days, had.Discounted, took.Length, before.Count, before.Count == 0 ? float.NaN : took.Select(one => one.Campaign).Distinct().Count() / (float)before.Count, campaigns[campaign].Type == "Type A" ? 1 : 0];
                    for (var feature = 0; feature < known.Length; feature++) values[feature, row] = known[feature];
                }
            }

            var y = mailings.Select(row => redeemed.Any(one => one.Household == row[1] && one.Campaign == row[0]) ? 1f : 0f).ToArray();
            return new TreesTable(new FeatureMatrix([.. Features.Select(name => new FeatureColumn(name))], mailings.Length, [.. values.Cast<float>()]), y);
        }
    }

    private static async Task<IReadOnlyList<(string Household, float Orders, float Spent, float Days, float Discounted)>> BoughtAsync(TemporaryStudio studio, DateTime before)
    {
        var warehouse = await studio.Get<WarehouseRegistry>().OpenAsync(new WorkspaceId("tea"), Now);
        return await warehouse.QueryAsync(
            """
            select user_id, cast(count(distinct order_id) as double), cast(sum(price) as double), cast(date_diff('day', max(ts), cast($1 as timestamp)) as double), cast(count(*) filter (where discount > 0) as double)
            from events where event_type = 'purchase' and user_id is not null and ts < cast($1 as timestamp) group by user_id
            """,
            row => (row.Text(0)!, (float)row.Double(1), (float)row.Double(2), (float)row.Double(3), (float)row.Double(4)), [new DateTimeOffset(before, TimeSpan.Zero)], Now);
    }

    private static async Task ImportAsync(TemporaryStudio studio, Func<int, bool> takes)
    {
        using var file = DelimitedFile.Open(PublicData.Find("complete-journey/transactions_sample.csv.gz"), new FileReading()).Value;
        var household = file.Columns.IndexOf("household_id");
        var text = new StringBuilder(string.Join(',', file.Columns)).Append('\n');
        var lines = 0;
        while (file.Read())
        {
            if (!takes(int.Parse(file.Text(household), CultureInfo.InvariantCulture))) continue;
            text.AppendJoin(',', file.Columns.Select((_, column) => file.Text(column))).Append('\n');
            lines++;
        }

        var scope = await studio.WorkspaceAsync();
        var importer = studio.Get<FileImporter>();
        var staged = (await importer.StageAsync(scope, new MemoryStream(Encoding.UTF8.GetBytes(text.ToString())), "transactions.csv", null, null, Now)).Value;
        var inspection = (await importer.InspectAsync(scope, staged.Id, DatasetKind.Orders, null, null, Now)).Value;
        var report = (await importer.ImportAsync(scope, staged.Id, inspection.Mapping, new ImportChoices(Force: true, Remember: false), Now)).Value;
        Assert.Equal((lines, true), ((int)report.Read, report.Accepted > 0.98 * lines));
    }

    private static List<string[]> Read(string path)
    {
        using var file = DelimitedFile.Open(PublicData.Find(path), new FileReading()).Value;
        var rows = new List<string[]>();
        while (file.Read()) rows.Add([.. file.Columns.Select((_, column) => file.Text(column))]);
        return rows;
    }

    private static DateTime Day(string text) => DateTime.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);
}
