using System.Globalization;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Campaigns.Planning;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Promotions;
using Xunit;

namespace MerchantStudio.Tests.Campaigns;

public sealed class CampaignSentenceTests
{
    private static readonly Offer Tenth = new(OfferKind.Percent, 1_000);

    [Fact]
    public void A_campaign_reads_back_with_everything_that_was_set()
    {
        var draft = CampaignWorld.Draft(Guid.NewGuid()) with { Audience = Condition.Everybody, Channel = MessageChannel.Email, BudgetMinor = 250_000, Timing = new CampaignTiming(CampaignRhythm.Weekly, new DateOnly(2026, 12, 1), new DateOnly(2026, 12, 31), 570) };
        Assert.Equal(
            "All shoppers are offered 10% off by e-mail, every week at 09:30, from 1 December 2026, until 31 December 2026; 20% of them are held back to compare with, and orders count for 14 days, until €2,500 is given away.",
            CampaignSentence.Of(draft, Tenth, Style("en")).Plain());
        Assert.Equal(
            "2026年12月1日至2026年12月31日，每周 09:30 向全部顾客用邮件发送优惠：立减 10%（9 折）；其中 20% 留作对照组，统计 14 天内的订单，预算 €2,500 封顶。",
            CampaignSentence.Of(draft, Tenth, Style("zh-CN")).Plain());
    }

    [Fact]
    public void A_campaign_of_one_day_names_the_day_once()
    {
        var day = new DateOnly(2026, 10, 6);
        var draft = CampaignWorld.Draft(Guid.NewGuid()) with { Audience = Condition.Everybody, Channel = MessageChannel.Email, BudgetMinor = null, Timing = new CampaignTiming(CampaignRhythm.Once, day, day) };
        Assert.Contains("once on 6 October 2026;", CampaignSentence.Of(draft, Tenth, Style("en")).Plain(), StringComparison.Ordinal);
        Assert.Contains("once on 6 October 2026, until 7 October 2026;", CampaignSentence.Of(draft with { Timing = draft.Timing with { EndsOn = day.AddDays(1) } }, Tenth, Style("en")).Plain(), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_template_is_fit_as_it_stands_in_both_languages()
    {
        var rules = RuleTemplates.Of(new TemplateFigures(6_000, 30), "EUR", new DateOnly(2026, 11, 18));
        Assert.Equal(rules.Select(rule => rule.Key).Order(), CampaignTemplates.All.Select(template => template.Key).Order());
        Assert.All(CampaignTemplates.All, template =>
        {
            var rule = rules.Single(rule => rule.Key == template.Key).Draft;
            var draft = new CampaignDraft(template.Key, rule.Condition, Guid.NewGuid(), MessageChannel.OnSite, null, template.Message, new CampaignTiming(template.Rhythm), GoalDays: template.GoalDays, HoldoutBasisPoints: CampaignTemplates.UsualHoldout);
            Assert.Empty(CampaignCheck.Check(draft, new DateOnly(2026, 11, 18)));
            Assert.Null(ConditionCheck.WithoutBasket(rule.Condition));
            Assert.NotNull(template.Message.English);
            Assert.NotNull(template.Message.Chinese);
        });
    }

    private static SentenceStyle Style(string culture) => new(CultureInfo.GetCultureInfo(culture), "EUR", key => key);
}
