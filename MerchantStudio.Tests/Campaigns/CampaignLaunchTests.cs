using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Campaigns.Delivery;
using MerchantStudio.Core.Campaigns.Planning;
using MerchantStudio.Core.Campaigns.Running;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Promotions;
using MerchantStudio.Core.Promotions.Pricing;
using MerchantStudio.Core.Promotions.Redemptions;
using MerchantStudio.Core.Shop;
using MerchantStudio.Tests.Worlds;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace MerchantStudio.Tests.Campaigns;

public sealed class CampaignLaunchTests() : CampaignLaunchContract(AppStateOn.Sqlite)
{
    /// <summary>The clock is looked at before each step that writes, so ending the work there is ending it between any two steps.</summary>
    [Fact]
    public async Task Cut_off_anywhere_and_launched_again_nobody_has_two_messages_or_two_codes_and_nobody_moves()
    {
        await using var world = await CampaignWorld.OpenAsync(20);
        var whole = await LaunchAsync("Whole", int.MaxValue - 1);
        await EndAsync(whole.Rule, whole.Campaign);
        var (cut, frozen) = (whole.Looks, 0);

        // From the last step back to those before the audience is frozen, which leave a draft.
        for (var drafts = 0; drafts < 2; cut--)
        {
            var (rule, id, _) = await LaunchAsync($"Cut {cut}", cut);
            var before = (await world.MembersAsync(id)).Where(member => member.Place != CampaignPlace.Waiting).ToDictionary(member => member.ShopperId, member => member.Place);
            if ((await world.CampaignAsync(id)).State == CampaignState.Draft) drafts++;
            else frozen++;

            // What the program does by itself after a restart, and what a person does who saw an error.
            if (cut % 2 == 0) await world.Runs.StartDueAsync(Now);
            Assert.Null((await world.Launch.LaunchAsync(world.Scope, id, 0, Now)).Problem);
            await world.Runs.StartDueAsync(Now);
            var (members, codes, messages) = (await world.MembersAsync(id), await world.CodesAsync(id), await world.MessagesAsync(id));
            Assert.Equal(20, members.Length);
            Assert.All(before, known => Assert.Equal(known.Value, members.Single(member => member.ShopperId == known.Key).Place));
            var treated = members.Where(member => member.Place == CampaignPlace.Treated).Select(member => member.ShopperId).ToList();
            Assert.InRange(treated.Count, 8, 20);
            Assert.Equal(treated, codes.Select(code => code.ShopperId!).Order(StringComparer.Ordinal));
            Assert.Equal(treated, messages.Where(row => row.State == DeliveryState.Queued).Select(row => row.ShopperId).Order(StringComparer.Ordinal));
            Assert.Equal(20 - treated.Count, messages.Count(row => row is { State: DeliveryState.Suppressed, Reason: DeliveryReason.Holdout }));
            Assert.Equal(20, messages.Length);
            await using var db = await world.Studio.DbAsync();
            Assert.Equal(1, await db.Experiments.CountAsync(row => row.CampaignId == id, Now));

            // What runs on would be looked at by the next launch too, at moments of its own.
            await EndAsync(rule, id);
        }

        Assert.InRange(frozen, 6, 40);

        async Task<(Guid Rule, Guid Campaign, int Looks)> LaunchAsync(string name, int breakAfter)
        {
            var rule = await world.RuleAsync();
            var id = await world.SaveAsync(CampaignWorld.Draft(rule, name));
            world.Time.BreakAfter(breakAfter);
            await Record.ExceptionAsync(() => world.Launch.LaunchAsync(world.Scope, id, 0, Now));
            var looks = world.Time.Looks;
            world.Time.Mend();
            return (rule, id, looks);
        }

        async Task EndAsync(Guid rule, Guid id)
        {
            Assert.Null((await world.Launch.EndAsync(world.Scope, id, Now)).Problem);
            Assert.Null((await world.Studio.Get<RuleActivation>().EndAsync(world.Scope, rule, Now)).Problem);
        }
    }

    [Fact]
    public async Task All_that_is_wrong_is_said_at_once_and_a_deleted_segment_keeps_it_from_being_launched()
    {
        await using var world = await CampaignWorld.OpenAsync(3);
        var gone = new InSegment([$"saved:{Guid.NewGuid():D}"]);
        var draft = CampaignWorld.Draft(null) with
        {
            Audience = gone,
            Channel = MessageChannel.Email,
            HoldoutBasisPoints = 5_001,
            BudgetMinor = 100,
            Timing = new CampaignTiming(CampaignRhythm.Daily, new DateOnly(2026, 11, 20), new DateOnly(2026, 11, 10)),
        };
        var checkup = (await world.Plans.CheckAsync(world.Scope, null, draft, Now)).Value;
        Assert.Equal(
            ["campaign.already-over", "campaign.budget-needs-offer", "campaign.dates-reversed", "campaign.token-needs-offer", "campaign.token-needs-offer", "campaign.unfit-holdout", "condition.unknown-segment", "messages.mail-not-set-up"],
            checkup.Problems.Select(problem => problem.Code).Order(StringComparer.Ordinal));
        var id = await world.SaveAsync(CampaignWorld.Draft(await world.RuleAsync()) with { Audience = gone });
        Assert.Equal("condition.unknown-segment", (await world.Launch.LaunchAsync(world.Scope, id, 0, Now)).Problem?.Code);
        Assert.Equal((CampaignState.Draft, 0), ((await world.CampaignAsync(id)).State, (await world.MembersAsync(id)).Length));
        Assert.Empty(await world.CodesAsync(id));
    }

    [Fact]
    public async Task A_segment_that_is_deleted_while_the_campaign_runs_pauses_it_with_the_reason()
    {
        await using var world = await CampaignWorld.OpenAsync(3);
        var segment = Guid.NewGuid();
        await using (var db = await world.Studio.DbAsync())
        {
            db.Segments.Add(new SegmentDefinition { Id = segment, WorkspaceId = world.Scope.Workspace, Name = "Buyers", ConditionJson = ConditionJson.Write(CampaignWorld.Buyers), CreatedBy = "Mei", CreatedAt = CampaignWorld.Wednesday });
            await db.SaveChangesAsync(Now);
        }

        var id = await world.LaunchedAsync(CampaignWorld.Draft(await world.RuleAsync()) with { Audience = new InSegment([$"saved:{segment:D}"]), Timing = new CampaignTiming(CampaignRhythm.OnEntering) });
        await using (var db = await world.Studio.DbAsync()) await db.Segments.Where(row => row.Id == segment).ExecuteDeleteAsync(Now);
        world.Time.At = CampaignWorld.Wednesday.AddDays(1);
        await world.Runs.StartDueAsync(Now);
        var stopped = await world.CampaignAsync(id);
        Assert.Equal((CampaignState.Paused, "condition.unknown-segment"), (stopped.State, stopped.Fault));
        Assert.Equal(3, (await world.MessagesAsync(id)).Length);
    }

    [Fact]
    public async Task An_offer_that_gave_codes_by_itself_ended_or_is_too_small_is_refused_in_words()
    {
        await using var world = await CampaignWorld.OpenAsync(4);
        var own = await world.RuleAsync();
        Assert.Equal(4, (await world.Studio.Get<RuleActivation>().ActivateAsync(world.Scope, own, 0, Now)).Value.Given);
        Assert.Equal(["campaign.offer-gave-codes"], await FaultsAsync(world, own));
        await world.Studio.Get<RuleActivation>().EndAsync(world.Scope, own, Now);
        Assert.Equal(["campaign.offer-not-live"], await FaultsAsync(world, own));
        Assert.Equal(["campaign.offer-too-small"], await FaultsAsync(world, await world.RuleAsync(draft => draft with { TotalUses = 2 })));
        Assert.Equal(["campaign.offer-gone"], await FaultsAsync(world, Guid.NewGuid()));
        Assert.Equal(["campaign.offer-ends-early"], await FaultsAsync(world, await world.RuleAsync(draft => draft with { EndsOn = new DateOnly(2026, 11, 19) }), new CampaignTiming(StartsOn: new DateOnly(2026, 11, 20))));
    }

    [Fact]
    public async Task Only_roles_that_may_publish_launch_and_a_stale_page_is_refused()
    {
        await using var world = await CampaignWorld.OpenAsync(3);
        var id = await world.SaveAsync(CampaignWorld.Draft(await world.RuleAsync()));
        foreach (var role in (Role[])[Role.Viewer, Role.Support, Role.Analyst])
        {
            Assert.Equal("access.refused", (await world.Launch.LaunchAsync(world.As(role), id, 0, Now)).Problem?.Code);
            Assert.Equal("access.refused", (await world.Launch.PauseAsync(world.As(role), id, Now)).Problem?.Code);
        }

        Assert.Equal("access.refused", (await world.Plans.SaveAsync(world.As(Role.Viewer), id, 0, CampaignWorld.Draft(null), Now)).Problem?.Code);
        Assert.Null((await world.Plans.SaveAsync(world.As(Role.Marketer), id, 0, CampaignWorld.Draft(null) with { Message = null, Channel = null }, Now)).Problem);
        Assert.Equal("campaign.changed-meanwhile", (await world.Plans.SaveAsync(world.As(Role.Marketer), id, 0, CampaignWorld.Draft(null), Now)).Problem?.Code);
        Assert.Equal("campaign.changed-meanwhile", (await world.Launch.LaunchAsync(world.Scope, id, 0, Now)).Problem?.Code);
        Assert.Equal("campaign.says-nothing", (await world.Launch.LaunchAsync(world.Scope, id, 1, Now)).Problem?.Code);
        Assert.Null((await world.Plans.DeleteAsync(world.As(Role.Marketer), id, Now)).Problem);
    }

    [Fact]
    public async Task What_may_cost_more_than_the_shops_limit_waits_for_an_owner_and_a_small_budget_does_not()
    {
        await using var world = await CampaignWorld.OpenAsync(4);
        var dear = await world.SaveAsync(CampaignWorld.Draft(await world.RuleAsync(draft => draft with { Offer = new Offer(OfferKind.Percent, 1_000) })));
        Assert.Equal(new Launched(true, 4), (await world.Launch.LaunchAsync(world.As(Role.Marketer), dear, 0, Now)).Value);
        Assert.Equal(CampaignState.Draft, (await world.CampaignAsync(dear)).State);

        // Approved by itself it would give a code to those whom the campaign is to hold back.
        var rule = (await world.CampaignAsync(dear)).RuleId!.Value;
        var waiting = (await world.Studio.Get<CouponRules>().FindAsync(world.Scope, rule, Now)).Value;
        Assert.Equal((CouponRuleState.AwaitingApproval, new OfferOf(dear, "Win back")), (waiting.State, waiting.Campaign));
        Assert.Equal("rule.offer-of-campaign", (await world.Studio.Get<RuleActivation>().ActivateAsync(world.Scope, rule, waiting.Revision, Now)).Problem?.Code);
        Assert.False((await world.Launch.LaunchAsync(world.Scope, dear, 0, Now)).Value.AwaitsApproval);
        var live = (await world.Studio.Get<CouponRules>().FindAsync(world.Scope, rule, Now)).Value;
        Assert.Equal((CouponRuleState.Live, world.Scope.Actor.Name, null), (live.State, live.ApprovedBy, live.Campaign));
        var bounded = await world.SaveAsync(CampaignWorld.Draft(await world.RuleAsync(draft => draft with { Offer = new Offer(OfferKind.Percent, 1_000) }), "Bounded") with { BudgetMinor = 10_000 });
        Assert.Equal(new Launched(false, 4), (await world.Launch.LaunchAsync(world.As(Role.Marketer), bounded, 0, Now)).Value);
    }

    [Fact]
    public async Task Paused_nothing_is_shown_and_ended_nothing_is_sent_any_more()
    {
        await using var world = await CampaignWorld.OpenAsync(3);
        var id = await world.LaunchedAsync(CampaignWorld.Draft(await world.RuleAsync()) with { HoldoutBasisPoints = 0 });
        Assert.NotNull((await NextAsync()));
        Assert.Null((await world.Launch.PauseAsync(world.Scope, id, Now)).Problem);
        Assert.Null(await NextAsync());
        Assert.Null((await world.Launch.ResumeAsync(world.Scope, id, Now)).Problem);
        Assert.NotNull(await NextAsync());
        Assert.Null((await world.Launch.EndAsync(world.Scope, id, Now)).Problem);
        Assert.Null(await NextAsync());
        Assert.Equal("campaign.unfit-state", (await world.Launch.ResumeAsync(world.Scope, id, Now)).Problem?.Code);
        await using var db = await world.Studio.DbAsync();
        Assert.Equal(["campaign.created", "campaign.ended", "campaign.launched", "campaign.paused", "campaign.resumed"], db.Audit.Where(entry => entry.Action.StartsWith("campaign.")).Select(entry => entry.Action).Order().ToArray());

        async Task<OnSiteMessage?> NextAsync() => (await world.Studio.Get<OnSiteMessages>().NextAsync(world.Scope, new ShopperId("s001"), Now)).Value;
    }

    private static async Task<IEnumerable<string>> FaultsAsync(CampaignWorld world, Guid rule, CampaignTiming? timing = null) =>
        (await world.Plans.CheckAsync(world.Scope, null, CampaignWorld.Draft(rule) with { HoldoutBasisPoints = 0, Timing = timing ?? new CampaignTiming() }, Now)).Value.Problems.Select(problem => problem.Code);
}

public sealed class CampaignLaunchOnPostgresTests() : CampaignLaunchContract(AppStateOn.Postgres);

public abstract class CampaignLaunchContract(AppStateOn on)
{
    protected static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Everybody_is_dealt_out_once_and_who_is_held_back_gets_neither_message_nor_code()
    {
        await using var world = await CampaignWorld.OpenAsync(60, on);
        var rule = await world.RuleAsync();
        var id = await world.LaunchedAsync(CampaignWorld.Draft(rule));
        var campaign = await world.CampaignAsync(id);
        Assert.Equal((CampaignState.Running, 60), (campaign.State, campaign.AudienceCount));
        var members = await world.MembersAsync(id);
        var held = members.Where(member => member.Place == CampaignPlace.Holdout).Select(member => member.ShopperId).ToHashSet();
        Assert.InRange(held.Count, 3, 25);
        await using var db = await world.Studio.DbAsync();
        Assert.Equal(held, (await db.ExperimentPeople.Where(person => person.ExperimentId == campaign.ExperimentId && person.Arm == -1).Select(person => person.ShopperId).ToListAsync(Now)).ToHashSet());
        Assert.False(await db.CouponCodes.AnyAsync(code => held.Contains(code.ShopperId!), Now));
        Assert.DoesNotContain(await world.MessagesAsync(id), row => row.State != DeliveryState.Suppressed && held.Contains(row.ShopperId));
        Assert.Equal(60 - held.Count, (await world.CodesAsync(id)).Length);
        Assert.Equal(CouponRuleState.Live, (await db.CouponRules.SingleAsync(row => row.Id == rule, Now)).State);

        // The message holds her own code and the offer.
        var treated = members.First(member => member.Place == CampaignPlace.Treated).ShopperId;
        var shown = (await world.Studio.Get<OnSiteMessages>().NextAsync(world.Scope, new ShopperId(treated), Now)).Value!;
        Assert.Contains((await world.CodesAsync(id)).Single(code => code.ShopperId == treated).Code, shown.Text, StringComparison.Ordinal);
        Assert.Null((await world.Studio.Get<OnSiteMessages>().NextAsync(world.Scope, new ShopperId(held.First()), Now)).Value);
        var result = (await world.Studio.Get<CampaignResults>().ReadAsync(world.Scope, id, Now)).Value;
        Assert.Equal((60, 60 - held.Count, held.Count, 60 - held.Count, 1), (result.Audience, result.Treated, result.HeldBack, result.CodesGiven, result.Sent));
    }

    [Fact]
    public async Task The_budget_of_a_campaign_is_never_overspent_however_many_redeem_at_once()
    {
        await using var world = await CampaignWorld.OpenAsync(24, on);
        var id = await world.LaunchedAsync(CampaignWorld.Draft(await world.RuleAsync()) with { HoldoutBasisPoints = 0, BudgetMinor = 3_400 });
        var redeemer = world.Studio.Get<Redeemer>();
        var cart = new Cart([new CartLine("tea", null, null, 1, 4_000)], 0, "EUR");
        var answers = await Task.WhenAll((await world.CodesAsync(id)).Select(code => Task.Run(() => redeemer.RedeemAsync(world.Scope, "key " + code.Code, new CouponUse(code.Code, "order " + code.ShopperId, code.ShopperId, cart), Now), Now)));

        // 500 each: six fit into 3,400.
        Assert.Equal(6, answers.Count(answer => answer.Succeeded));
        Assert.All(answers.Where(answer => !answer.Succeeded), answer => Assert.Equal(RefusalReason.CampaignLimitReached, Assert.IsType<CouponRefused>(answer.Problem).Reason));
        await using var db = await world.Studio.DbAsync();
        Assert.Equal(3_000, await db.Redemptions.Where(row => row.CampaignId == id).SumAsync(row => row.CostMinor, Now));
        var counter = await db.RedemptionCounters.SingleAsync(row => row.Scope == CounterScope.Campaign, Now);
        Assert.Equal((6, 3_000L), (counter.Uses, counter.SpentMinor));
        var result = (await world.Studio.Get<CampaignResults>().ReadAsync(world.Scope, id, Now)).Value;
        Assert.Equal((6, 6, 3_000L, 24_000L), (result.CodesUsed, result.Orders, result.CostMinor, result.OrderMinor));
    }
}
