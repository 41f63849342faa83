using System.Globalization;
using System.Resources;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Ingestion.Recognition;
using MerchantStudio.Core.Ingestion.Text;
using Xunit;

namespace MerchantStudio.Tests.Ingestion;

/// <summary>Whether platforms' exports are recognised from header or shape alone. The fixtures were written from the documented headers before the recogniser.</summary>
public sealed class PresetTests(ITestOutputHelper output)
{
    private static readonly string[] Variants = ["documented", "reordered", "shortened", "translated", "renamed"];

    /// <summary>Forms that are read alike share a preset.</summary>
    private static readonly Dictionary<string, string> Shared = new() { ["online-retail-2"] = "online-retail", ["rudderstack-events"] = "segment-events" };

    private static string Folder => Path.Combine(PublicData.RepositoryRoot(), "MerchantStudio.Tests", "Ingestion", "Fixtures");

    [Fact]
    public void Nine_exports_in_ten_are_recognised_and_none_wrongly()
    {
        var forms = Directory.EnumerateDirectories(Folder).Select(folder => Path.GetFileName(folder)).Where(form => form != "near-misses").Order(StringComparer.Ordinal).ToList();
        int files = 0, recognised = 0;
        var wrong = new List<string>();
        output.WriteLine($"{"form",-26}{string.Concat(Variants.Select(variant => $"{variant,-12}"))}");
        foreach (var form in forms)
        {
            var row = $"{form,-26}";
            foreach (var variant in Variants)
            {
                var found = Recognise(Path.Combine(Folder, form, variant + ".csv"));
                var right = found == Shared.GetValueOrDefault(form, form);
                files++;
                if (right) recognised++;
                else if (IsPlatform(found)) wrong.Add($"{form}/{variant} as {found}");
                row += $"{(right ? "yes" : found ?? "no"),-12}";
            }

            output.WriteLine(row);
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"recognised {recognised} of {files} ({100.0 * recognised / files:0.0} %), wrongly {wrong.Count}"));
        Assert.Equal(22, forms.Count);
        Assert.Empty(wrong);
        Assert.InRange(recognised, Math.Ceiling(files * 0.9), files);
    }

    [Fact]
    public void Files_that_only_look_like_an_export_are_refused()
    {
        var files = Directory.GetFiles(Path.Combine(Folder, "near-misses"), "*.csv");
        foreach (var file in files) output.WriteLine($"{Path.GetFileNameWithoutExtension(file),-26}{Recognise(file) ?? "refused"}");
        Assert.InRange(files.Length, 20, 40);
        Assert.Empty(files.Where(file => Recognise(file) is not null).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("taobao-userbehavior-sample/UserBehavior_sample.csv.gz", "taobao-userbehavior", DatasetKind.Events)]
    [InlineData("uci-online-retail/online_retail.csv.gz", "online-retail", DatasetKind.Events)]
    [InlineData("yoochoose-clicks-100k/test.tsv", "yoochoose-clicks", DatasetKind.Events)]
    [InlineData("womens-clothing-reviews/womens_clothing_reviews.csv.gz", "clothing-reviews", DatasetKind.Reviews)]
    [InlineData("online-shopping-10-cats/online_shopping_10_cats.csv.gz", "online-shopping-reviews", DatasetKind.Reviews)]
    [InlineData("ecommerce-churn/ecommerce_churn.csv", null, DatasetKind.Features)]
    [InlineData("online-shoppers-intention/online_shoppers_intention.csv", null, DatasetKind.Features)]
    [InlineData("complete-journey/transactions_sample.csv.gz", null, DatasetKind.Orders)]
    [InlineData("complete-journey/demographics.csv", null, null)]
    [InlineData("complete-journey/coupon_redemptions.csv", null, null)]
    [InlineData("olist-marketing-funnel/olist_closed_deals_dataset.csv", null, null)]
    [InlineData("olist-marketing-funnel/olist_marketing_qualified_leads_dataset.csv", null, null)]
    public void Public_data_is_known_for_what_it_is_and_for_nothing_else(string path, string? preset, DatasetKind? kind)
    {
        using var file = DelimitedFile.Open(PublicData.Find(path), new FileReading()).Value;
        var found = Recognizer.Recognise(file.Shape, file.Sample, null, null).Value;
        Assert.Equal(preset, found.Preset);
        if (kind is not null) Assert.Equal(kind, found.Kind);
    }

    [Fact]
    public void A_column_belongs_to_a_form_once_and_every_form_can_meet_what_it_needs()
    {
        foreach (var preset in Presets.All)
        {
            var names = preset.Columns.SelectMany(column => column.Names.Split('|').Select(Roles.Normalise)).ToList();
            Assert.True(names.Count == names.Distinct().Count(), $"{preset.Key} names {names.GroupBy(name => name).FirstOrDefault(group => group.Count() > 1)?.Key} twice");
            Assert.True(preset.Columns.Count(column => column.IsMark) >= preset.LeastMarks, preset.Key);
            Assert.All(preset.Needed, role => Assert.Contains(preset.Columns, column => column.Role == role));
            Assert.All(preset.Columns, column => Assert.True(column.Role == ColumnRole.Ignore || Roles.For(preset.Kind).Contains(column.Role), $"{preset.Key}: {column.Role} is no role of {preset.Kind}"));
        }

        Assert.Equal(Presets.All.Length, Presets.All.Select(preset => preset.Key).Distinct().Count());
    }

    [Theory]
    [InlineData("who;what;day;hour;path\na;b;2026-06-01;10;/x\nc;d;2026-06-02;11;/y\n", DatasetKind.Events)]
    [InlineData("day;cost\n2026-06-01;10.50\n2026-06-02;11.20\n", DatasetKind.AdSpend)]
    [InlineData("order_no,customer_id,order_date,sku,qty,unit_price,status\n1,c,2026-06-01,s,1,5.00,paid\n", DatasetKind.Orders)]
    [InlineData("rating,review_text\n5,Good and quick to arrive\n1,Came broken and late\n", DatasetKind.Reviews)]
    public async Task A_kind_is_guessed_only_when_all_that_it_needs_is_there(string text, DatasetKind kind)
    {
        await using var world = await ImportWorld.OpenAsync();
        Assert.Equal(kind, (await world.InspectAsync(text)).Kind);
    }

    [Theory]
    [InlineData("en")]
    [InlineData("zh-CN")]
    public void Every_form_kind_and_role_has_a_name_in_both_languages(string culture)
    {
        var texts = new ResourceManager("MerchantStudio.Resources.Import", typeof(Program).Assembly);
        var keys = Presets.All.Select(preset => $"preset-{preset.Key}")
            .Concat(Enum.GetValues<DatasetKind>().Select(kind => $"kind-{kind}"))
            .Concat(Enum.GetValues<DatasetKind>().SelectMany(kind => Roles.For(kind)).Distinct().Select(role => $"role-{Roles.Key(role)}"));
        Assert.DoesNotContain(keys, key => string.IsNullOrEmpty(texts.GetString(key, CultureInfo.GetCultureInfo(culture))));
    }

    private static bool IsPlatform(string? preset) => preset is not null && !preset.StartsWith("merchantstudio-", StringComparison.Ordinal);

    private static string? Recognise(string path)
    {
        using var file = DelimitedFile.Open(path, new FileReading()).Value;
        return Recognizer.Recognise(file.Shape, file.Sample, null, null).Value.Preset;
    }
}
