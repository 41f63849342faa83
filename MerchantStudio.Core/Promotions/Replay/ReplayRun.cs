using System.Collections.Immutable;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Promotions.Pricing;
using MerchantStudio.Core.Shop;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Promotions.Replay;

/// <summary>What to replay.</summary>
/// <param name="Rule">The draft as it is held against carts.</param>
/// <param name="Others">Live rules, the draft not among them.</param>
/// <param name="Codes">Codes given out in the past: to whom and when.</param>
internal sealed record ReplayQuestion(
    RuleDraft Draft, CartRule Rule, ImmutableArray<CartRule> Others, ConditionContext Context, DecisionMode Mode, string Currency, DateTimeOffset From, DateTimeOffset To,
    IReadOnlyList<(string ShopperId, DateTimeOffset At)> Codes);

/// <param name="Stage">"read", "price" or "sum".</param>
internal readonly record struct ReplayProgress(string Stage, long Done, long? Total);

/// <summary>Reads the past, prices it shopper by shopper on all processors, holds the limits against it and sums up. The same data give the same answer for any number of threads.</summary>
/// <param name="rowsOfPart">Priced at once, rounded up to whole shoppers.</param>
internal sealed class ReplayRun(ReplayQuestion question, IProgress<ReplayProgress>? progress, TimeProvider time, int rowsOfPart = ReplayRun.RowsOfPart)
{
    public const int RowsOfPart = 50_000;
    private const int Shown = 50;
    private const double KnownShare = 0.5;

    public async Task<ReplayResult> RunAsync(WorkspaceWarehouse warehouse, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var session = await warehouse.BeginAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = session.ConfigureAwait(false);
        var reader = new ReplayReader(session);
        var shop = await ShopAsync(reader, cancellationToken).ConfigureAwait(false);
        var part = await PriceAsync(reader, shop, cancellationToken).ConfigureAwait(false);
        var groups = await reader.GroupsAsync(cancellationToken).ConfigureAwait(false);
        var result = await Task.Run(() => Sum(shop, part, groups, cancellationToken), cancellationToken).ConfigureAwait(false);
        return result with { Seconds = time.GetElapsedTime(started).TotalSeconds };
    }

    private async Task<ReplayShop> ShopAsync(ReplayReader reader, CancellationToken cancellationToken)
    {
        ImmutableArray<Condition> limited = [.. question.Draft.SegmentLimits.Take(ReplayLimits.MostSegments).Select(Condition (limit) => new InSegment([limit.Segment]))];
        var needs = ReplayNeeds.Of([question.Rule.Condition, .. limited, .. question.Others.Select(rule => rule.Condition)], question.Context);
        var items = await reader.ItemsAsync(cancellationToken).ConfigureAwait(false);
        var today = await reader.TodayAsync(needs, cancellationToken).ConfigureAwait(false);
        var numbers = await reader.NumbersAsync(question.Codes.Select(code => code.ShopperId).ToHashSet(), cancellationToken).ConfigureAwait(false);
        var codes = question.Codes.Where(code => numbers.ContainsKey(code.ShopperId)).GroupBy(code => numbers[code.ShopperId], code => ReplayRow.Microseconds(code.At))
            .ToDictionary(given => given.Key, given => given.ToArray());
        return new ReplayShop(
            question.Rule with { StartsAt = null, EndsAt = null }, [.. question.Others.Select(rule => rule with { StartsAt = null, EndsAt = null })], needs, question.Context, question.Mode,
            ReplayRow.Microseconds(question.From), ReplayRow.Microseconds(question.To), ReplayRow.Microseconds(question.Context.AsOf), question.Currency, Money.Decimals(question.Currency), items, today, codes, limited);
    }

    /// <summary>Parts are priced as they come and put together in their order.</summary>
    private async Task<ReplayPart> PriceAsync(ReplayReader reader, ReplayShop shop, CancellationToken cancellationToken)
    {
        var total = await reader.CountAsync(shop.Needs, question.To, cancellationToken).ConfigureAwait(false);
        var replay = new ShopperReplay(shop);
        var whole = new ReplayPart(shop.Others.Length);
        var pending = new Queue<Task<ReplayPart>>();
        var done = 0L;
        await foreach (var rows in reader.RowsAsync(shop.Needs, question.To, rowsOfPart, cancellationToken).ConfigureAwait(false))
        {
            pending.Enqueue(Task.Run(() => Price(replay, rows, shop.Others.Length, cancellationToken), cancellationToken));
            if (pending.Count > Environment.ProcessorCount) whole.Add(await pending.Dequeue().ConfigureAwait(false));
            done += rows.Length;
            progress?.Report(new ReplayProgress("price", done, total));
        }

        while (pending.TryDequeue(out var part)) whole.Add(await part.ConfigureAwait(false));
        return whole;
    }

    private static ReplayPart Price(ShopperReplay replay, ReplayRow[] rows, int rivals, CancellationToken cancellationToken)
    {
        var part = new ReplayPart(rivals);
        for (int start = 0, next; start < rows.Length; start = next)
        {
            cancellationToken.ThrowIfCancellationRequested();
            next = start + 1;
            while (next < rows.Length && rows[next].Shopper == rows[start].Shopper) next++;
            replay.Run(rows.AsSpan(start, next - start), part);
        }

        return part;
    }

    /// <summary>The pure half of the replay: from priced carts to the result.</summary>
    internal ReplayResult Sum(ReplayShop shop, ReplayPart part, IReadOnlyDictionary<int, ShopperGroups> groups, CancellationToken cancellationToken)
    {
        var cases = InTime(part.Cases);
        var response = ResponseAssumption.Of(part.Counts);
        var limits = ReplayLimits.Of(question.Draft);
        var uses = limits.Apply(cases, response.Likely);
        var weeks = (int)Math.Max(1, (shop.To - shop.From + (7 * ReplayRow.Day) - 1) / (7 * ReplayRow.Day));
        var known = cases.Where(one => one.MarginMinor is not null && one.ItemsMinor > 0).ToArray();
        var costsKnown = cases.Length > 0 && known.Length >= KnownShare * cases.Length;
        var rate = known.Length == 0 ? 0 : known.Sum(one => (double)one.MarginMinor!.Value) / known.Sum(one => (double)one.ItemsMinor);
        var gain = new ReplayGain(cases, shop.From, weeks, limits, response, rate);
        var likely = gain.Likely(uses);
        var drawn = 0L;
        var draws = gain.Draw(() => progress?.Report(new ReplayProgress("sum", Interlocked.Increment(ref drawn), ReplayGain.Draws)), cancellationToken);
        ReplayCase[] used = [.. cases.Where((_, index) => uses.Used[index])];
        ReplayCase[] orders = [.. used.Where(one => one.IsOrder)];
        var days = Math.Max(1, ((uses.RunOutAt ?? shop.To) - shop.From) / (double)ReplayRow.Day);
        return new ReplayResult(
            question.From, question.To, question.Currency, JudgedOf(part),
            new CameAnyway(orders.Length, orders.Select(one => one.Shopper).Distinct().LongCount(), orders.Sum(one => one.DiscountMinor), orders.Sum(one => one.GiftMinor), orders.Sum(one => one.ItemsMinor),
                likely.CameShare, ReplayGain.Interval(draws, draw => draw.CameShare)),
            new ExtraOrders(used.LongLength - orders.LongLength, likely.ExtraUses, ReplayGain.Interval(draws, draw => draw.ExtraUses), likely.ExtraCost, likely.ExtraRevenue, costsKnown ? likely.ExtraMargin : null),
            response, costsKnown ? new NetGain(likely.Net, ReplayGain.Interval(draws, draw => draw.Net)) : null, costsKnown ? BreakEven(used, rate) : null,
            new ReplayStop(uses.RunOutAt is { } out_ ? ReplayRow.Instant(out_) : null, uses.ByCustomer, uses.ByUses, uses.ByBudget,
                likely.Cost / days, Scaled(ReplayGain.Interval(draws, draw => draw.Cost), days), likely.Uses / days, Scaled(ReplayGain.Interval(draws, draw => draw.Uses), days), uses.ByDay, uses.BySegment),
            MarginOf(orders, shop.Draft.MarginFloorBasisPoints),
            [.. shop.Others.Select((rule, index) => (rule, count: part.Rivals[index])).Select(rival => new RivalOutcome(rival.rule.Id, rival.rule.Name, rival.count.ThisFirst, rival.count.OtherFirst, rival.count.Both, rival.count.Shoppers.Count)).Where(rival => rival.Carts > 0).OrderByDescending(rival => rival.Carts)],
            [.. Enumerable.Range(0, weeks).Select(week => WeekOf(week, orders, shop.From, costsKnown ? likely : null, draws))],
            GroupReaches.Of(part.Shoppers, used, groups), ReplayNeeds.TodaysLines(question.Draft.Condition, question.Context), 0);
    }

    /// <summary>By time, an order before a basket of the same moment.</summary>
    private static ReplayCase[] InTime(List<ReplayCase> cases)
    {
        var moments = new long[cases.Count];
        var places = new int[cases.Count];
        for (var place = 0; place < moments.Length; place++) (moments[place], places[place]) = (cases[place].At, place);
        Array.Sort(moments, places);
        var sorted = new ReplayCase[moments.Length];
        for (var place = 0; place < sorted.Length; place++) sorted[place] = cases[places[place]];
        for (int start = 0, next; start < sorted.Length; start = next)
        {
            next = start + 1;
            while (next < sorted.Length && moments[next] == moments[start]) next++;
            if (next - start > 1) Array.Sort(sorted, start, next - start, Comparer<ReplayCase>.Create((one, other) => one.IsOrder != other.IsOrder ? other.IsOrder.CompareTo(one.IsOrder)
                : one.Shopper != other.Shopper ? one.Shopper.CompareTo(other.Shopper) : string.CompareOrdinal(one.OrderNo, other.OrderNo)));
        }

        return sorted;
    }

    private static Span Scaled(Span span, double days) => new(span.Low / days, span.High / days);

    private static JudgedCarts JudgedOf(ReplayPart part) => new(
        part.Shoppers.Count, part.Counts.Orders, part.Counts.Baskets, part.Counts.UndecidedBaskets, part.Counts.OtherDiscounts, part.Counts.WithoutPrice, part.Counts.Unfit,
        part.Counts.ConditionNotMet, part.Counts.NothingToGive, part.Counts.MarginFloor, part.Counts.LostToOther, part.Counts.Silent);

    /// <summary>What came anyway has to be earned back from the baskets: cost ÷ (their margin less their discount).</summary>
    private static double? BreakEven(ReplayCase[] used, double rate)
    {
        var cost = used.Where(one => one.IsOrder).Sum(one => (double)one.CostMinor);
        var each = used.Where(one => !one.IsOrder).Sum(one => (one.MarginMinor ?? (one.ItemsMinor * rate)) - one.OthersMinor - one.CostMinor);
        return cost == 0 ? 0 : each > 0 && cost / each <= 1 ? cost / each : null;
    }

    private static MarginOutcome MarginOf(ReplayCase[] orders, int? floor)
    {
        var known = orders.Where(one => one.MarginMinor is not null).ToArray();
        var losses = known.Where(one => one.IsLoss).ToArray();
        var free = orders.Where(one => one.IsFree).ToArray();
        return new MarginOutcome(
            known.Length, orders.Length, known.Sum(one => one.MarginMinor!.Value), known.Sum(one => one.MarginMinor!.Value - one.OthersMinor - one.CostMinor), floor, orders.LongCount(one => one.BelowFloor),
            orders.LongCount(one => one.ReducedMinor > 0), losses.Length, orders.Sum(one => (long)one.LossLines), free.Length, [.. losses.Take(Shown).Select(one => one.OrderNo)], [.. free.Take(Shown).Select(one => one.OrderNo)]);
    }

    private static ReplayWeek WeekOf(int week, ReplayCase[] orders, long from, GainDraw? likely, ImmutableArray<GainDraw> draws)
    {
        var begin = from + (week * 7 * ReplayRow.Day);
        var own = orders.Where(one => one.At >= begin && one.At < begin + (7 * ReplayRow.Day)).ToArray();
        return new ReplayWeek(ReplayRow.Instant(begin), own.Length, own.Sum(one => one.CostMinor), likely?.NetUpTo(week), likely is null ? null : ReplayGain.Interval(draws, draw => draw.NetUpTo(week)));
    }
}
