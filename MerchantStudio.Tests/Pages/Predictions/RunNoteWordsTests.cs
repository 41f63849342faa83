using System.Globalization;
using MerchantStudio.Components.Pages.Predictions;
using MerchantStudio.Core.Features.Horizons;
using MerchantStudio.Core.Pipeline;
using MerchantStudio.Localization;
using Xunit;

namespace MerchantStudio.Tests.Pages.Predictions;

/// <summary>What a run notes while it works is told in the reader's language.</summary>
public sealed class RunNoteWordsTests
{
    private static readonly DateOnly Today = new(2026, 11, 22);

    [Fact]
    public void A_horizon_that_is_not_offered_is_told_in_Chinese_before_there_is_a_report()
    {
        var problem = SavedProblem.Of(new TooFewBuyers(1, 15, 30));
        var note = new PipelineNote(DateTimeOffset.UnixEpoch, "horizon-not-offered", ["1", problem.ToProblem().Message], problem);
        var told = InChinese(() => RunNoteWords.Text(new Texts(), note, null, Today));
        Assert.Equal("1 天：预测未来 1 天要求每个时间窗至少有 30 位买家，其中一个只有 15 位。请导入更多数据或选择其他时长。", told);
    }

    [Theory]
    [InlineData("en", "Days since first seen")]
    [InlineData("zh-CN", "首次出现至今天数")]
    public void Drift_names_the_feature_by_its_title(string language, string title)
    {
        var note = new PipelineNote(DateTimeOffset.UnixEpoch, "drift", ["1", "54", "tenure_days", "0.41"]);
        var told = language == "en" ? RunNoteWords.Text(new Texts(), note, null, Today) : InChinese(() => RunNoteWords.Text(new Texts(), note, null, Today));
        Assert.Contains($"“{title}”", told, StringComparison.Ordinal);
        Assert.DoesNotContain("tenure_days", told, StringComparison.Ordinal);
    }

    private static string InChinese(Func<string> tell)
    {
        var (figures, words) = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("zh-CN");
            return tell();
        }
        finally
        {
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (figures, words);
        }
    }
}
