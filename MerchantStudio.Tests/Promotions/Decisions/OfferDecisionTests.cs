using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Experiments;
using MerchantStudio.Core.Promotions;
using MerchantStudio.Core.Promotions.Decisions;
using MerchantStudio.Core.Promotions.Pricing;
using MerchantStudio.Core.Promotions.Redemptions;
using MerchantStudio.Core.Shop;
using MerchantStudio.Core.Warehouse;
using MerchantStudio.Tests.Conditions;
using MerchantStudio.Tests.Promotions.Redemptions;
using MerchantStudio.Tests.Worlds;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Xunit;
using static MerchantStudio.Tests.Promotions.Redemptions.LedgerWorld;

namespace MerchantStudio.Tests.Promotions.Decisions;

public sealed class OfferDecisionTests : IAsyncLifetime
{
    private TemporaryStudio _studio = null!;
    private WorkspaceScope _shop = null!;

    public async ValueTask InitializeAsync()
    {
        _studio = await TemporaryStudio.OpenAsync(services => Microsoft.Extensions.DependencyInjection.OptionsServiceCollectionExtensions.Configure<DecisionOptions>(services, options => options.PatienceMilliseconds = 20_000));
        _shop = await _studio.WorkspaceAsync();
    }

    public ValueTask DisposeAsync() => _studio.DisposeAsync();

    [Fact]
    public async Task What_is_decided_is_what_redeeming_it_in_that_order_takes_off()
    {
        await AddAsync("Tenth", rule => (rule.Priority, rule.OfferJson, rule.CombinesWith) = (1, OfferJson.Write(new Offer(OfferKind.Percent, 1_000)), (int)OfferClasses.All));
        await AddAsync("Cups", rule => (rule.OfferJson, rule.CombinesWith) = (OfferJson.Write(new Offer(OfferKind.Percent, 2_000) { Target = OfferTarget.Items, Include = new ItemChoice([], [], ["cup"]) }), (int)OfferClasses.All));
        await AddAsync("Free shipping", rule => (rule.OfferJson, rule.CombinesWith) = (OfferJson.Write(new Offer(OfferKind.FreeShipping)), (int)OfferClasses.All));
        await TestRules.AddAsync(_studio, _shop, "FIVE", rule => rule.CombinesWith = (int)OfferClasses.All);
        var answer = await AskAsync("ann", "five", "nothing");
        Assert.Equal(["Cups", "Tenth", "FIVE", "Free shipping"], answer.Applied.Select(offer => offer.Name));
        Assert.Equal([600L, 340, 500, 490], answer.Applied.Select(offer => offer.Price.DiscountMinor));
        Assert.Equal((1_930L, 490L, 2_560L), (answer.DiscountMinor, answer.ShippingMinor, answer.ToPayMinor));
        Assert.Equal(("nothing", RefusalReason.CouponNotFound), Assert.Single(answer.Refused) is var refused ? (refused.Coupon, refused.Reason) : default);
        foreach (var offer in answer.Applied)
        {
            var use = (await _studio.Get<Redeemer>().RedeemAsync(_shop, offer.Coupon, new CouponUse(offer.Coupon, "o1", "ann", Basket), Now)).Value;
            Assert.Equal((offer.Price.DiscountMinor, offer.Price.ShippingMinor), (use.DiscountMinor, use.ShippingMinor));
            Assert.Equal(offer.Price.LinesMinor, use.Lines.Select(line => line.DiscountMinor));
        }
    }

    [Fact]
    public async Task Each_rule_that_gives_nothing_says_why()
    {
        await AddAsync("Wins", rule => (rule.Priority, rule.ExclusiveGroup, rule.CombinesWith) = (9, "one", 7));
        await AddAsync("Same group", rule => (rule.ExclusiveGroup, rule.CombinesWith) = ("one", 7));
        await AddAsync("Alone");
        await AddAsync("Hundred", rule => (rule.OfferJson, rule.CombinesWith) = (TestRules.Off(500, 10_000), 7));
        await AddAsync("Teapots", rule => (rule.OfferJson, rule.CombinesWith) = (OfferJson.Write(new Offer(OfferKind.Percent, 2_000) { Target = OfferTarget.Items, Include = new ItemChoice([], [], ["pot"]) }), 7));
        await AddAsync("Big baskets", rule => rule.ConditionJson = ConditionJson.Write(new Comparison("basket_total", ConditionOperator.AtLeast, ["500"])));
        await AddAsync("Gone segment", rule => rule.ConditionJson = ConditionJson.Write(new InSegment([$"saved:{Guid.NewGuid():D}"])));
        await AddAsync("Used up", rule => rule.TotalUses = 0);
        await AddAsync("Budget", rule => (rule.BudgetMinor, rule.CombinesWith) = (499, 7));
        await AddAsync("Own budget", rule => (rule.CustomerBudgetMinor, rule.CombinesWith) = (499, 7));
        await AddAsync("Day", rule => rule.DayUses = 0);
        await AddAsync("Tomorrow", rule => rule.StartsAt = TimeProvider.System.GetUtcNow().AddDays(1));
        await AddAsync("Yesterday", rule => rule.EndsAt = TimeProvider.System.GetUtcNow().AddDays(-1));
        await AddAsync("Draft", rule => rule.State = CouponRuleState.Draft);
        await TestRules.AddAsync(_studio, _shop, "PAUSED", rule => rule.State = CouponRuleState.Paused);
        var answer = await AskAsync("ann", "PAUSED");
        Assert.Equal(["Wins"], answer.Applied.Select(offer => offer.Name));
        Assert.Equal(
            new Dictionary<string, RefusalReason>
            {
                ["Same group"] = RefusalReason.NotCombinable,
                ["Alone"] = RefusalReason.NotCombinable,
                ["Hundred"] = RefusalReason.MinimumNotMet,
                ["Teapots"] = RefusalReason.NoEligibleItem,
                ["Big baskets"] = RefusalReason.ConditionNotMet,
                ["Gone segment"] = RefusalReason.ConditionNotMet,
                ["Used up"] = RefusalReason.RuleLimitReached,
                ["Budget"] = RefusalReason.RuleLimitReached,
                ["Own budget"] = RefusalReason.CustomerLimitReached,
                ["Day"] = RefusalReason.DailyLimitReached,
                ["PAUSED"] = RefusalReason.CouponPaused,
            }.OrderBy(pair => pair.Key, StringComparer.Ordinal),
            answer.Refused.Select(offer => KeyValuePair.Create(offer.Name ?? offer.Coupon, offer.Reason)).OrderBy(pair => pair.Key, StringComparer.Ordinal));
        Assert.Equal("Wins", answer.Refused.Single(offer => offer.Name == "Same group").Competitor);
        var guest = await AskAsync(null);
        Assert.Empty(guest.Applied);
        Assert.All(guest.Refused, offer => Assert.Equal(RefusalReason.CustomerUnknown, offer.Reason));
    }

    [Fact]
    public async Task The_shop_chooses_between_priority_and_what_is_best_for_the_shopper()
    {
        await AddAsync("First", rule => rule.Priority = 5);
        await AddAsync("Dearer", rule => rule.OfferJson = TestRules.Off(900));
        Assert.Equal(["First"], (await AskAsync("ann")).Applied.Select(offer => offer.Name));
        await using (var database = await _studio.DbAsync()) await database.Workspaces.ExecuteUpdateAsync(set => set.SetProperty(row => row.BestOffersForCustomer, true), Now);
        await Task.Delay(1_000, Now);
        var answer = await AskAsync("ann");
        Assert.Equal(("Dearer", RefusalReason.NotCombinable), (Assert.Single(answer.Applied).Name, Assert.Single(answer.Refused).Reason));
    }

    [Fact]
    public async Task A_rule_that_another_process_pauses_is_gone_within_a_second_while_it_is_asked_for_all_the_time()
    {
        var rule = await AddAsync("Five");
        Assert.Single((await AskAsync("ann")).Applied);
        await using (var database = await _studio.DbAsync())
        {
            await database.CouponRules.Where(row => row.Id == rule.Id).ExecuteUpdateAsync(set => set.SetProperty(row => row.State, CouponRuleState.Paused).SetProperty(row => row.Revision, row => row.Revision + 1), Now);
        }

        var paused = System.Diagnostics.Stopwatch.StartNew();
        for (var asked = paused.Elapsed; (await AskAsync("ann")).Applied.Length > 0; asked = paused.Elapsed)
        {
            // How long the answer itself takes is not the question.
            Assert.InRange(asked, TimeSpan.Zero, TimeSpan.FromSeconds(1));
            await Task.Delay(20, Now);
        }
    }

    [Fact]
    public async Task What_a_shopper_has_used_counts_in_the_next_answer_and_comes_back_with_the_roll_back()
    {
        var rule = await AddAsync("Once", rule => rule.UsesPerCustomer = 1);
        var offer = Assert.Single((await AskAsync("ann")).Applied);
        var use = (await _studio.Get<Redeemer>().RedeemAsync(_shop, "k1", new CouponUse(offer.Coupon, "o1", "ann", Basket), Now)).Value;
        Assert.Equal(RefusalReason.CustomerLimitReached, Assert.Single((await AskAsync("ann")).Refused).Reason);
        Assert.Single((await AskAsync("ben")).Applied);
        await _studio.Get<Redeemer>().RollBackAsync(_shop, use.Id, Now);
        Assert.Equal(rule.Id, Assert.Single((await AskAsync("ann")).Applied).RuleId);
    }

    [Fact]
    public async Task An_offer_without_a_code_is_redeemed_once_under_a_key_however_often_it_is_sent()
    {
        await AddAsync("Once", rule => rule.UsesPerCustomer = 1);
        var (redeemer, offer) = (_studio.Get<Redeemer>(), Assert.Single((await AskAsync("ann")).Applied));
        for (var round = 0; round < 12; round++)
        {
            // Whoever comes second finds the order and the customer's only use taken, by the request itself.
            var use = new CouponUse(offer.Coupon, $"o{round}", $"s{round}", Basket);
            var all = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => redeemer.RedeemAsync(_shop, $"k{round}", use, Now))));
            Assert.Single(all.Select(one => one.Value.Id).Distinct());
            Assert.Single(all, one => !one.Value.Again);
        }

        var first = new CouponUse(offer.Coupon, "o0", "s0", Basket);
        Assert.True((await redeemer.RedeemAsync(_shop, "k0", first, Now)).Value.Again);
        Assert.IsType<IdempotencyKeyTaken>((await redeemer.RedeemAsync(_shop, "k0", first with { OrderId = "other" }, Now)).Problem);
        Assert.Equal(RefusalReason.OrderAlreadyRedeemed, Assert.IsType<CouponRefused>((await redeemer.RedeemAsync(_shop, "new", first, Now)).Problem).Reason);
        Assert.Equal(RefusalReason.CustomerLimitReached, Assert.IsType<CouponRefused>((await redeemer.RedeemAsync(_shop, "new", first with { OrderId = "other" }, Now)).Problem).Reason);
    }

    [Fact]
    public async Task What_is_asked_about_the_shopper_is_answered_from_her_profile_and_a_personal_code_needs_no_more_than_the_cart()
    {
        await ProfileTables.WriteAsync(await _studio.Get<WarehouseRegistry>().OpenAsync(_shop.Workspace, Now), PromotionWorld.Now, PromotionWorld.Shoppers(5, 1, 6), Now);
        await AddAsync("Regulars", rule => (rule.Priority, rule.ConditionJson, rule.CombinesWith, rule.SegmentLimitsJson) =
            (1, ConditionJson.Write(new EventCount("order", ConditionOperator.AtLeast, 4, null, null)), 7, """[{"segment":"rfm:loyal","budget_minor":700}]"""));
        var personal = await TestRules.AddAsync(_studio, _shop, "SHARED", rule => (rule.ConditionJson, rule.CombinesWith) = (ConditionJson.Write(new InSegment(["rfm:loyal"])), 7));
        await using (var database = await _studio.DbAsync())
        {
            database.CouponCodes.Add(new CouponCode { WorkspaceId = _shop.Workspace, RuleId = personal.Id, Code = "FOR-B", Lookup = CodeText.Normalise("FOR-B"), ShopperId = "b", GivenAt = Start });
            await database.SaveChangesAsync(Now);
        }

        Assert.Equal(["Regulars", "SHARED"], (await AskAsync("a", "SHARED")).Applied.Select(offer => offer.Name));
        Assert.Equal(["SHARED"], (await AskAsync("b", "for-b")).Applied.Select(offer => offer.Name));
        Assert.Equal([RefusalReason.ConditionNotMet, RefusalReason.ConditionNotMet], (await AskAsync("b", "SHARED")).Refused.Select(offer => offer.Reason));
        Assert.Equal(RefusalReason.RecipientMismatch, (await AskAsync("a", "FOR-B")).Refused.Single(offer => offer.Coupon == "FOR-B").Reason);
        Assert.Equal(RefusalReason.ConditionNotMet, Assert.Single((await AskAsync("nobody")).Refused).Reason);
        await _studio.Get<Redeemer>().RedeemAsync(_shop, "k1", new CouponUse((await AskAsync("a")).Applied[0].Coupon, "o1", "a", Basket), Now);
        await Task.Delay(1_000, Now);
        Assert.Equal(RefusalReason.SegmentLimitReached, Assert.Single((await AskAsync("c")).Refused).Reason);
    }

    [Fact]
    public async Task A_shopper_who_cannot_be_read_in_time_still_gets_what_asks_about_the_cart_alone()
    {
        await ProfileTables.WriteAsync(await _studio.Get<WarehouseRegistry>().OpenAsync(_shop.Workspace, Now), PromotionWorld.Now, PromotionWorld.Shoppers(5), Now);
        await AddAsync("Cart", rule => rule.CombinesWith = 7);
        await AddAsync("Loyal", rule => (rule.ConditionJson, rule.CombinesWith) = (ConditionJson.Write(new InSegment(["rfm:loyal"])), 7));
        var slow = new HeldFactory(_studio.Get<IDbContextFactory<StudioDb>>());
        var hasty = new OfferDecisions(
            _studio.Get<LiveOffersCache>(), new ShopperMemory(slow, _studio.Get<WarehouseRegistry>(), TimeProvider.System), _studio.Get<TypedCodes>(), _studio.Get<ActedOn>(), Options.Create(new DecisionOptions { PatienceMilliseconds = 20 }), TimeProvider.System);
        var question = new OfferQuestion("a", Basket, [], []);
        var first = (await hasty.DecideAsync(_shop, question, Now)).Value;
        Assert.Equal((false, "Cart", RefusalReason.NotInTime), (first.InTime, Assert.Single(first.Applied).Name, Assert.Single(first.Refused).Reason));
        slow.Open();
        var second = first;
        while (!second.InTime)
        {
            await Task.Delay(20, Now);
            second = (await hasty.DecideAsync(_shop, question, Now)).Value;
        }

        Assert.Equal(2, second.Applied.Length);
    }

    [Fact]
    public async Task What_another_process_redeems_is_read_beside_the_answers_and_after_a_minute_waited_for()
    {
        var rule = await AddAsync("Five");
        var clock = new SetClock();
        var other = new ShopperMemory(_studio.Get<IDbContextFactory<StudioDb>>(), _studio.Get<WarehouseRegistry>(), clock);
        async Task<int> UsesAsync() => (await other.FindAsync(_shop.Workspace, "ann", default)).Own.TryGetValue(rule.Id, out var own) ? own.Uses : 0;
        Assert.Equal(0, await UsesAsync());
        var use = (await _studio.Get<Redeemer>().RedeemAsync(_shop, "k1", new CouponUse(Assert.Single((await AskAsync("ann")).Applied).Coupon, "o1", "ann", Basket), Now)).Value;
        clock.Seconds = 29;
        Assert.Equal(0, await UsesAsync());
        clock.Seconds = 55;
        Assert.Equal(0, await UsesAsync());
        while (await UsesAsync() == 0) await Task.Delay(5, Now);
        await _studio.Get<Redeemer>().RollBackAsync(_shop, use.Id, Now);
        clock.Seconds = 116;
        Assert.Equal(0, await UsesAsync());
    }

    [Fact]
    public async Task Whoever_is_held_back_by_the_experiment_of_the_campaign_that_carries_an_offer_gets_it_neither_decided_nor_redeemed()
    {
        var (carried, other) = (await AddAsync("Carried", rule => rule.CombinesWith = 7), await AddAsync("Other", rule => rule.CombinesWith = 7));
        var campaign = new Campaign { Id = Guid.NewGuid(), WorkspaceId = _shop.Workspace, Name = "Spring", AudienceJson = ConditionJson.Write(Condition.Everybody), RuleId = carried.Id, Currency = "EUR", State = CampaignState.Running, CreatedBy = "Nora", CreatedAt = Start };
        await using (var database = await _studio.DbAsync())
        {
            database.Campaigns.Add(campaign);
            await database.SaveChangesAsync(Now);
        }

        var store = _studio.Get<ExperimentStore>();
        var id = (await store.CreateAsync(_shop, new ExperimentDraft("Spring", ["offer"], [5_000], 5_000, ExperimentGoal.Orders, 14, 100, false, campaign.Id), Now)).Value;
        await store.StartAsync(_shop, id, Now);
        var split = (await store.FindAsync(_shop, id, Now)).Value.Split;
        var held = Enumerable.Range(0, 100).Select(number => $"s{number}").First(shopper => split.ArmOf(shopper).Kind == AssignmentKind.Holdout);
        var treated = Enumerable.Range(0, 100).Select(number => $"s{number}").First(shopper => split.ArmOf(shopper).Kind == AssignmentKind.Arm);
        var answer = await AskAsync(held);
        Assert.Equal(("Other", RefusalReason.HeldOut, "spring"), (Assert.Single(answer.Applied).Name, Assert.Single(answer.Refused) is var refused ? refused.Reason : default, refused.Experiment));
        Assert.Equal(new ShopperArm("spring", AssignmentKind.Holdout, null), Assert.Single(answer.Arms));
        var given = await AskAsync(treated);
        Assert.Equal((2, new ShopperArm("spring", AssignmentKind.Arm, "offer")), (given.Applied.Length, Assert.Single(given.Arms)));
        var redeemer = _studio.Get<Redeemer>();
        Assert.Equal(RefusalReason.HeldOut, Assert.IsType<CouponRefused>((await redeemer.RedeemAsync(_shop, "k1", new CouponUse(RuleCoupon.Of(carried.Id), "o1", held, Basket), Now)).Problem).Reason);
        Assert.True((await redeemer.RedeemAsync(_shop, "k2", new CouponUse(RuleCoupon.Of(other.Id), "o1", held, Basket), Now)).Succeeded);
        Assert.True((await redeemer.RedeemAsync(_shop, "k3", new CouponUse(RuleCoupon.Of(carried.Id), "o2", treated, Basket), Now)).Succeeded);
        await using var ledger = await _studio.DbAsync();
        Assert.Equal(campaign.Id, await ledger.Redemptions.Where(row => row.OrderId == "o2").Select(row => row.CampaignId).SingleAsync(Now));
    }

    [Fact]
    public async Task An_arm_that_tries_another_offer_gets_that_one_and_not_the_first()
    {
        var (first, second) = (await AddAsync("First", rule => rule.CombinesWith = 7), await AddAsync("Second", rule => rule.CombinesWith = 7));
        var campaign = await CampaignAsync(first.Id, null);
        await using (var database = await _studio.DbAsync())
        {
            database.CampaignVariants.Add(new CampaignVariantRow { CampaignId = campaign.Id, Number = 1, RuleId = second.Id });
            await database.SaveChangesAsync(Now);
        }

        var store = _studio.Get<ExperimentStore>();
        var id = (await store.CreateAsync(_shop, new ExperimentDraft("Spring", ["A", "B"], [3_000, 3_000], 4_000, ExperimentGoal.Orders, 14, 100, false, campaign.Id), Now)).Value;
        await store.StartAsync(_shop, id, Now);
        var split = (await store.FindAsync(_shop, id, Now)).Value.Split;
        foreach (var (arm, name) in ((int, string?)[])[(0, "First"), (1, "Second"), (-1, null)])
        {
            var shopper = Enumerable.Range(0, 200).Select(number => $"s{number}").First(shopper => split.ArmOf(shopper).Arm == arm);
            for (var again = 0; again < 2; again++)
            {
                var answer = await AskAsync(shopper);
                Assert.Equal(name is null ? [] : [name], answer.Applied.Select(offer => offer.Name));
                Assert.All(answer.Refused, offer => Assert.Equal((RefusalReason.HeldOut, "spring"), (offer.Reason, offer.Experiment)));
            }
        }

        var inFirst = Enumerable.Range(0, 200).Select(number => $"s{number}").First(shopper => split.ArmOf(shopper).Arm == 0);
        Assert.Equal(RefusalReason.HeldOut, Assert.IsType<CouponRefused>((await _studio.Get<Redeemer>().RedeemAsync(_shop, "k1", new CouponUse(RuleCoupon.Of(second.Id), "o1", inFirst, Basket), Now)).Problem).Reason);
    }

    [Fact]
    public async Task A_campaign_whose_budget_is_spent_is_offered_to_nobody_any_more_with_a_code_or_without()
    {
        var automatic = await AddAsync("Automatic", rule => rule.CombinesWith = 7);
        var campaign = await CampaignAsync(automatic.Id, 1_200);
        await TestRules.AddAsync(_studio, _shop, "CODE", rule => rule.CombinesWith = 7);
        await using (var database = await _studio.DbAsync()) await database.CouponCodes.ExecuteUpdateAsync(set => set.SetProperty(code => code.CampaignId, campaign.Id), Now);
        Assert.Equal(2, (await AskAsync("ann", "CODE")).Applied.Length);
        var redeemer = _studio.Get<Redeemer>();
        Assert.True((await redeemer.RedeemAsync(_shop, "k1", new CouponUse(RuleCoupon.Of(automatic.Id), "o1", "bob", Basket), Now)).Succeeded);
        var first = (await redeemer.RedeemAsync(_shop, "k2", new CouponUse(RuleCoupon.Of(automatic.Id), "o2", "eve", Basket), Now)).Value;
        await Task.Delay(850, Now);

        // 1,000 of 1,200 are spent, and five euros do not fit any more.
        var answer = await AskAsync("ann", "CODE");
        Assert.Empty(answer.Applied);
        Assert.Equal([RefusalReason.CampaignLimitReached, RefusalReason.CampaignLimitReached], answer.Refused.Select(offer => offer.Reason));
        Assert.Equal(RefusalReason.CampaignLimitReached, Assert.IsType<CouponRefused>((await redeemer.RedeemAsync(_shop, "k3", new CouponUse("CODE", "o3", "ann", Basket), Now)).Problem).Reason);
        Assert.True((await redeemer.RollBackAsync(_shop, first.Id, Now)).Succeeded);
        await Task.Delay(850, Now);
        Assert.Equal(2, (await AskAsync("ann", "CODE")).Applied.Length);
    }

    [Fact]
    public async Task A_shopper_is_written_down_in_an_experiment_only_where_the_shop_acts_on_it()
    {
        var store = _studio.Get<ExperimentStore>();
        var id = (await store.CreateAsync(_shop, new ExperimentDraft("Banner", ["red", "blue"], [5_000, 5_000], 0, ExperimentGoal.Orders, 14, 100, false, null), Now)).Value;
        await store.StartAsync(_shop, id, Now);
        Assert.Equal("banner", Assert.Single((await AskAsync("ann")).Arms).Experiment);
        await using var database = await _studio.DbAsync();
        Assert.Equal(0, await database.ExperimentPeople.CountAsync(Now));
        var answer = (await _studio.Get<OfferDecisions>().DecideAsync(_shop, new OfferQuestion("ann", Basket, [], ["banner"]), Now)).Value;
        var person = await database.ExperimentPeople.SingleAsync(Now);
        Assert.Equal(("ann", Assert.Single(answer.Arms).Arm), (person.ShopperId, person.Arm == 0 ? "red" : "blue"));
        Assert.Equal("decision.experiment-unknown", (await _studio.Get<OfferDecisions>().DecideAsync(_shop, new OfferQuestion("ann", Basket, [], ["nothing"]), Now)).Problem?.Code);
    }

    [Fact]
    public async Task A_thousand_rules_at_once_are_answered_in_both_modes()
    {
        await using (var database = await _studio.DbAsync())
        {
            for (var number = 0; number < 1_000; number++)
            {
                var rule = TestRules.Live(Guid.NewGuid(), _shop.Workspace, $"Rule {number}");
                (rule.Method, rule.Priority, rule.CombinesWith, rule.OfferJson) = (RuleMethod.Automatic, number % 100, number % 8, TestRules.Off(1 + (number % 7)));
                database.CouponRules.Add(rule);
            }

            await database.SaveChangesAsync(Now);
        }

        var answer = await AskAsync("ann");
        Assert.Equal(1_000, answer.Applied.Length + answer.Refused.Length);
        Assert.InRange(answer.DiscountMinor, 1, Basket.ItemsMinor);
        await using (var database = await _studio.DbAsync()) await database.Workspaces.ExecuteUpdateAsync(set => set.SetProperty(row => row.BestOffersForCustomer, true), Now);
        await Task.Delay(1_000, Now);
        Assert.True((await AskAsync("ann")).DiscountMinor >= answer.DiscountMinor);
    }

    private async Task<Campaign> CampaignAsync(Guid rule, long? budget)
    {
        var campaign = new Campaign { Id = Guid.NewGuid(), WorkspaceId = _shop.Workspace, Name = "Spring", AudienceJson = ConditionJson.Write(Condition.Everybody), RuleId = rule, Currency = "EUR", BudgetMinor = budget, State = CampaignState.Running, CreatedBy = "Nora", CreatedAt = Start };
        await using var database = await _studio.DbAsync();
        database.Campaigns.Add(campaign);
        await database.SaveChangesAsync(Now);
        return campaign;
    }

    private static Cart Basket => new([new CartLine("cup", "kitchen", null, 2, 1_500), new CartLine("spoon", null, null, 1, 1_000)], 490, "EUR");

    private async Task<OfferAnswer> AskAsync(string? shopper, params string[] codes) => (await _studio.Get<OfferDecisions>().DecideAsync(_shop, new OfferQuestion(shopper, Basket, [.. codes], []), Now)).Value;

    private async Task<CouponRule> AddAsync(string name, Action<CouponRule>? change = null)
    {
        var rule = TestRules.Live(Guid.NewGuid(), _shop.Workspace, name);
        rule.Method = RuleMethod.Automatic;
        change?.Invoke(rule);
        await using var database = await _studio.DbAsync();
        database.CouponRules.Add(rule);
        await database.SaveChangesAsync(Now);
        return rule;
    }

    private sealed class SetClock : TimeProvider
    {
        public int Seconds { get; set; }

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Seconds;
    }

    /// <summary>Gives no database before it is opened.</summary>
    private sealed class HeldFactory(IDbContextFactory<StudioDb> inner) : IDbContextFactory<StudioDb>
    {
        private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Open() => _open.SetResult();

        public StudioDb CreateDbContext() => inner.CreateDbContext();

        public async Task<StudioDb> CreateDbContextAsync(CancellationToken cancellationToken = default)
        {
            await _open.Task;
            return await inner.CreateDbContextAsync(cancellationToken);
        }
    }
}
