using System.Globalization;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Campaigns.Delivery;
using MerchantStudio.Core.Campaigns.Messages;
using MerchantStudio.Core.Campaigns.Planning;
using MerchantStudio.Core.Campaigns.Running;
using MerchantStudio.Core.Campaigns.Setup;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Experiments;
using MerchantStudio.Core.Promotions;
using MerchantStudio.Core.Shop;
using MerchantStudio.Core.Warehouse;
using MerchantStudio.Tests.Worlds;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace MerchantStudio.Tests.Campaigns;

public sealed class CampaignVariantTests() : CampaignVariantContract(AppStateOn.Sqlite)
{
    private static readonly MessageTemplate Other = new(new MessageText("Once more", "Yours: {{code}}."), null);

    [Fact]
    public void Each_share_is_what_its_parts_say_and_together_they_are_everybody()
    {
        var draft = CampaignWorld.Draft(Guid.NewGuid()) with { HoldoutBasisPoints = 1_000, Weight = 2, Others = [new CampaignVariant(null, Other), new CampaignVariant(Guid.NewGuid(), null, 4)] };
        Assert.Equal([2_572, 1_286, 5_142], CampaignVariants.Shares(draft));
        Assert.Equal([9_000], CampaignVariants.Shares(draft with { Others = [] }));
        var variants = CampaignVariants.Of(draft);
        Assert.Equal([draft.RuleId, draft.RuleId, draft.Others[1].RuleId], variants.Select(variant => variant.RuleId));
        Assert.Equal([draft.Message, Other, draft.Message], variants.Select(variant => variant.Message));
    }

    [Fact]
    public void What_cannot_be_told_apart_or_is_too_many_is_refused()
    {
        var draft = CampaignWorld.Draft(Guid.NewGuid());
        var today = new DateOnly(2026, 11, 18);
        Assert.Empty(CampaignCheck.Check(draft with { Others = [new CampaignVariant(null, Other), new CampaignVariant(Guid.NewGuid(), Other)] }, today));
        var alike = Assert.IsType<CampaignVariantsAlike>(Assert.Single(CampaignCheck.Check(draft with { Others = [new CampaignVariant(null, Other), new CampaignVariant(draft.RuleId, Other)] }, today)));
        Assert.Equal(("B", "C"), (alike.One, alike.Other));
        Assert.Equal(["campaign.variants-alike"], Codes(draft with { Others = [new CampaignVariant(null, null)] }));
        Assert.Equal(["campaign.too-many-variants"], CampaignCheck.Shape(draft with { Others = [.. Enumerable.Range(0, 4).Select(_ => new CampaignVariant(Guid.NewGuid(), null))] }).Select(problem => problem.Code));
        Assert.Equal(["campaign.unfit-weight"], CampaignCheck.Shape(draft with { Weight = 0 }).Select(problem => problem.Code));
        Assert.Equal(["message.token-unknown"], Codes(draft with { Others = [new CampaignVariant(null, new MessageTemplate(new MessageText("Hi", "{{shoe_size}}"), null))] }));
        Assert.Equal(["campaign.unfit-message-cost"], CampaignCheck.Shape(draft with { MessageCost = -1 }).Select(problem => problem.Code));
        Assert.Equal(["campaign.unfit-message-cost"], CampaignCheck.Shape(draft with { MessageCost = 0.00001m }).Select(problem => problem.Code));
        Assert.Empty(CampaignCheck.Shape(draft with { MessageCost = 0.0001m }));

        IEnumerable<string> Codes(CampaignDraft one) => CampaignCheck.Check(one, today).Select(problem => problem.Code);
    }

    [Fact]
    public void What_is_tried_reads_back_with_its_shares()
    {
        var draft = CampaignWorld.Draft(Guid.NewGuid()) with { Audience = Condition.Everybody, Channel = MessageChannel.Email, Others = [new CampaignVariant(null, Other)] };
        var offer = new Offer(OfferKind.Percent, 1_000);
        Assert.Contains("by e-mail, 2 messages tried against each other (in equal parts), as soon as you launch", CampaignSentence.Of(draft, offer, Style("en")).Plain(), StringComparison.Ordinal);
        Assert.Contains("立减 10%（9 折），对比2 种消息（平均分配）；其中", CampaignSentence.Of(draft, offer, Style("zh-CN")).Plain(), StringComparison.Ordinal);
        var uneven = draft with { Others = [new CampaignVariant(Guid.NewGuid(), Other, 3)] };
        Assert.Contains("2 messages and offers tried against each other (A 25%, B 75%)", CampaignSentence.Of(uneven, offer, Style("en")).Plain(), StringComparison.Ordinal);
        Assert.Contains("对比2 种优惠（平均分配）", CampaignSentence.Of(draft with { Others = [new CampaignVariant(Guid.NewGuid(), null)] }, offer, Style("zh-CN")).Plain(), StringComparison.Ordinal);

        static SentenceStyle Style(string culture) => new(CultureInfo.GetCultureInfo(culture), "EUR", key => key);
    }

    [Fact]
    public async Task A_code_is_given_only_with_a_message_that_goes_out_and_who_got_none_still_counts_as_treated()
    {
        await using var world = await CampaignWorld.OpenAsync(10);
        var setup = world.Studio.Get<MessagingSetup>();
        Assert.Null((await setup.ChangeAsync(world.Scope, (await setup.LookAsync(world.Scope, Now)).Value.Settings with { WritesWithoutAnswer = true }, Now)).Problem);
        foreach (var left in (int[])[2, 5, 7]) Assert.Null((await world.Studio.Get<OptOuts>().AddAsync(world.Scope, new ShopperId(CampaignWorld.Name(left)), Now)).Problem);
        var id = await world.LaunchedAsync(CampaignWorld.Draft(await world.RuleAsync()) with { Channel = MessageChannel.Csv, HoldoutBasisPoints = 0, MessageCost = 0.045m });
        var messages = await world.MessagesAsync(id);
        Assert.Equal(["s002", "s005", "s007"], messages.Where(row => row is { State: DeliveryState.Suppressed, Reason: DeliveryReason.Unsubscribed }).Select(row => row.ShopperId).Order(StringComparer.Ordinal));
        Assert.Equal(messages.Where(row => row.State == DeliveryState.Queued).Select(row => row.ShopperId).Order(StringComparer.Ordinal), (await world.CodesAsync(id)).Select(code => code.ShopperId!).Order(StringComparer.Ordinal));
        var result = (await world.Studio.Get<CampaignResults>().ReadAsync(world.Scope, id, Now)).Value;
        Assert.Equal((10, 7, 0L), (result.Treated, result.CodesGiven, result.SendCostMinor));

        // Downloading the file is sending it.
        await using var file = new MemoryStream();
        Assert.Null((await world.Studio.Get<MessageFiles>().WriteAsync(world.Scope, id, "", [.. MessageFiles.Columns], MerchantStudio.Core.Exports.ExportFormat.Csv, file, Now)).Problem);
        // Seven at 4.5 cents are 31.5: rounded once, not seven times.
        Assert.Equal((7, 32L), ((await world.Studio.Get<CampaignResults>().ReadAsync(world.Scope, id, Now)).Value.Sent, (await world.Studio.Get<CampaignResults>().ReadAsync(world.Scope, id, Now)).Value.SendCostMinor));
    }

    [Fact]
    public async Task Where_the_rule_has_no_code_left_a_message_that_names_one_is_kept_back_and_without_a_channel_everybody_treated_has_hers()
    {
        await using var world = await CampaignWorld.OpenAsync(4);
        var rule = await world.RuleAsync(draft => draft with { TotalUses = 5 });
        var id = await world.LaunchedAsync(CampaignWorld.Draft(rule) with { HoldoutBasisPoints = 0, Timing = new CampaignTiming(CampaignRhythm.OnEntering) });
        Assert.Equal(4, (await world.CodesAsync(id)).Length);
        world.Time.At = CampaignWorld.Wednesday.AddDays(1);
        var warehouse = await world.Studio.Get<WarehouseRegistry>().OpenAsync(world.Scope.Workspace, Now);
        await warehouse.QueryAsync("insert into shopper_profile by name select p.* replace ('late' || n.range as user_id) from shopper_profile p, range(3) n where user_id = 's000'", _ => 0, [], Now);
        await world.Runs.StartDueAsync(Now);
        Assert.Equal(5, (await world.CodesAsync(id)).Length);
        Assert.Equal((5, 2), ((await world.MessagesAsync(id)).Count(row => row.State == DeliveryState.Queued), (await world.MessagesAsync(id)).Count(row => row is { State: DeliveryState.Suppressed, Reason: DeliveryReason.MissingValue })));
        var silent = await world.LaunchedAsync(CampaignWorld.Draft(await world.RuleAsync(), "Silent") with { Channel = null, Message = null });
        Assert.Equal((await world.MembersAsync(silent)).Where(member => member.Place == CampaignPlace.Treated).Select(member => member.ShopperId), (await world.CodesAsync(silent)).Select(code => code.ShopperId!).Order(StringComparer.Ordinal));
    }
}

public sealed class CampaignVariantOnPostgresTests() : CampaignVariantContract(AppStateOn.Postgres);

public abstract class CampaignVariantContract(AppStateOn on)
{
    protected static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_shopper_is_told_the_message_and_given_the_offer_of_her_own_variant_and_keeps_it()
    {
        await using var world = await CampaignWorld.OpenAsync(120, on);
        var (first, second) = (await world.RuleAsync(), await world.RuleAsync());
        MessageTemplate[] messages = [CampaignWorld.Message, new(new MessageText("Second", "Yours: {{code}}."), null), CampaignWorld.Message];
        var draft = CampaignWorld.Draft(first) with { Weight = 2, MessageCost = 0.03m, Others = [new CampaignVariant(null, messages[1]), new CampaignVariant(second, null)] };
        var id = await world.LaunchedAsync(draft);
        Assert.Equivalent(draft.Others, (await world.Plans.FindAsync(world.Scope, id, Now)).Value.Draft!.Others);
        var campaign = await world.CampaignAsync(id);
        var experiment = (await world.Studio.Get<ExperimentStore>().FindAsync(world.Scope, campaign.ExperimentId!.Value, Now)).Value;
        Assert.Equal(["A", "B", "C"], experiment.Split.Arms);
        Assert.Equal([4_000, 2_000, 2_000, 2_000], [experiment.Split.ShareOf(0), experiment.Split.ShareOf(1), experiment.Split.ShareOf(2), experiment.Split.ShareOf(-1)]);

        // 120 shoppers, and the smallest arm and the holdout have four of ten of them.
        Assert.Equal((0.03m, 48L), (experiment.MessageCost, experiment.PlannedPeople));
        var members = await world.MembersAsync(id);
        foreach (var member in members)
        {
            var place = experiment.Split.ArmOf(member.ShopperId);
            Assert.Equal(place.Kind == AssignmentKind.Holdout ? (CampaignPlace.Holdout, 0) : (CampaignPlace.Treated, place.Arm), (member.Place, member.Variant));
        }

        Assert.Equal([0, 1, 2], members.Where(member => member.Place == CampaignPlace.Treated).Select(member => member.Variant).Distinct().Order());
        var treated = members.Where(member => member.Place == CampaignPlace.Treated).ToDictionary(member => member.ShopperId, member => member.Variant);
        await using var db = await world.Studio.DbAsync();
        var templates = await db.CampaignMessages.Where(row => row.CampaignId == id).ToDictionaryAsync(row => row.Id, row => MessageTemplate.FromJson(row.TemplateJson), Now);
        var sent = (await world.MessagesAsync(id)).Where(row => row.State == DeliveryState.Queued).ToList();
        Assert.Equal(treated.Keys.Order(), sent.Select(row => row.ShopperId).Order());
        Assert.All(sent, row => Assert.Equal(messages[treated[row.ShopperId]], templates[row.MessageId]));
        var codes = await world.CodesAsync(id);
        Assert.Equal(treated.Keys.Order(), codes.Select(code => code.ShopperId!).Order());
        Assert.All(codes, code => Assert.Equal(treated[code.ShopperId!] == 2 ? second : first, code.RuleId));

        // Looked at again, nobody moves; each variant counts its own people.
        await world.Runs.StartDueAsync(Now);
        Assert.Equal(members.Select(member => (member.ShopperId, member.Variant)), (await world.MembersAsync(id)).Select(member => (member.ShopperId, member.Variant)));
        var result = (await world.Studio.Get<CampaignResults>().ReadAsync(world.Scope, id, Now)).Value;
        Assert.Equal(Enumerable.Range(0, 3).Select(number => treated.Values.Count(variant => variant == number)), result.Variants.Select(sum => sum.People));
        Assert.Equal(result.Variants.Select(sum => sum.People), result.Variants.Select(sum => sum.CodesGiven));
    }

    [Fact]
    public async Task Without_a_holdout_the_variants_are_compared_with_the_first()
    {
        await using var world = await CampaignWorld.OpenAsync(20, on);
        var id = await world.LaunchedAsync(CampaignWorld.Draft(await world.RuleAsync()) with { HoldoutBasisPoints = 0, Others = [new CampaignVariant(null, new MessageTemplate(new MessageText("Second", "Yours: {{code}}."), null))] });
        var experiment = (await world.Studio.Get<ExperimentStore>().FindAsync(world.Scope, (await world.CampaignAsync(id)).ExperimentId!.Value, Now)).Value;
        Assert.Equal((5_000, 5_000, 0), (experiment.Split.ShareOf(0), experiment.Split.ShareOf(1), experiment.Split.ShareOf(-1)));
        Assert.Equal(20, (await world.MembersAsync(id)).Count(member => member.Place == CampaignPlace.Treated));
    }
}
