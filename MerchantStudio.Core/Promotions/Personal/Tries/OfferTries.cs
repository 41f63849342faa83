using System.Collections.Immutable;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Experiments;
using MerchantStudio.Core.Experiments.Reading;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Promotions.Redemptions;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Promotions.Personal.Tries;

/// <summary>Lets a shop find out which step of a ladder works: for a capped share of the shoppers chance chooses, more and more what paid before, and never more money a day than was set.</summary>
public sealed class OfferTries(IDbContextFactory<StudioDb> databases, ExperimentReports reports, AuditTrail audit, TimeProvider time)
{
    /// <summary>Older rounds are not read any more.</summary>
    private const int MostRounds = 24;

    private const int RowsAtOnce = 2_000;

    /// <returns>Null where it was never switched on.</returns>
    public async Task<Outcome<OfferLearningView?>> ReadAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.ReadFigures) is { } refusal) return refusal;
        var database = await databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = database.ConfigureAwait(false);
        if (await database.OfferLearnings.AsNoTracking().SingleOrDefaultAsync(row => row.WorkspaceId == scope.Workspace, cancellationToken).ConfigureAwait(false) is not { } learning) return (OfferLearningView?)null;
        var today = await SpentAsync(database, scope, await TodayAsync(database, scope, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        var (judged, waiting, first) = await JudgedAsync(scope, cancellationToken).ConfigureAwait(false);
        return new OfferLearningView(DraftOf(learning), today, waiting, first, TryJudging.Of(judged, UsualProfit(judged)), learning.ChangedBy, learning.ChangedAt);
    }

    /// <summary>Switches trying on or off, or changes its caps; who is tried with stays the same people.</summary>
    public async Task<Outcome<Done>> SaveAsync(WorkspaceScope scope, OfferLearningDraft draft, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(draft);
        if (scope.Refusal(Right.PublishOffers) is { } refusal) return refusal;
        if (draft.Fault() is { } fault) return fault;
        return await databases.RunAsync<Done>(async (database, token) =>
        {
            var (now, id) = (time.GetUtcNow(), Guid.CreateVersion7(time.GetUtcNow()));
            var row = await database.OfferLearnings.SingleOrDefaultAsync(row => row.WorkspaceId == scope.Workspace, token).ConfigureAwait(false);
            var before = row is null ? null : Told(DraftOf(row));
            if (row is null) database.OfferLearnings.Add(row = new OfferLearning { Id = id, WorkspaceId = scope.Workspace, Salt = $"tries-{id:N}", Label = "", ChangedBy = "", ChangedAt = now });
            (row.IsOn, row.ShareBasisPoints, row.DayMoneyMinor, row.Label, row.ChangedBy, row.ChangedAt, row.Revision) = (draft.IsOn, draft.ShareBasisPoints, draft.DayMoneyMinor, draft.Label.Trim(), scope.Actor.Name, now, row.Revision + 1);
            audit.Add(database, scope.Workspace, scope.Actor, new AuditFact("tries.changed", null, before, Told(draft)));
            await database.SaveChangesAsync(token).ConfigureAwait(false);
            return new Done();
        }, cancellationToken).ConfigureAwait(false);

        static string Told(OfferLearningDraft draft) => draft.IsOn ? $"{draft.ShareBasisPoints} basis points, {draft.DayMoneyMinor} a day" : "off";
    }

    /// <summary>Draws the next round and writes it down before anything is given out, so that two rounds at once share the day's money.</summary>
    /// <returns>Null where trying is off.</returns>
    internal async Task<TryRound?> DrawAsync(WorkspaceScope scope, PersonalOfferPlan plan, int days, CancellationToken cancellationToken)
    {
        var steps = TryDraw.StepsOf(plan);
        if (steps.IsEmpty || !await IsOnAsync(scope, cancellationToken).ConfigureAwait(false)) return null;
        var (judged, _, _) = await JudgedAsync(scope, cancellationToken).ConfigureAwait(false);
        var usual = plan.Rows.Where(row => row.BasketMinor > 0).Select(row => row.BasketMinor * plan.MarginRate).DefaultIfEmpty(1).Average();
        var drawn = await databases.RunAsync<TryRound?>(async (database, token) =>
        {
            // Takes the row's lock, so that a second round sees what the first one spent.
            var now = time.GetUtcNow();
            if (await database.OfferLearnings.Where(row => row.WorkspaceId == scope.Workspace && row.IsOn).ExecuteUpdateAsync(set => set.SetProperty(row => row.Revision, row => row.Revision + 1), token).ConfigureAwait(false) == 0) return (TryRound?)null;
            var learning = await database.OfferLearnings.AsNoTracking().SingleAsync(row => row.WorkspaceId == scope.Workspace, token).ConfigureAwait(false);
            var day = await TodayAsync(database, scope, token).ConfigureAwait(false);
            var left = learning.DayMoneyMinor - await SpentAsync(database, scope, day, token).ConfigureAwait(false);
            var open = (await RoundsAsync(database, scope, token).ConfigureAwait(false)).Where(round => round.At.AddDays(round.Days) > now).Select(round => round.Id).ToArray();
            var standing = await database.OfferTries.Where(row => row.WorkspaceId == scope.Workspace && open.Contains(row.RoundId)).Select(row => new { row.ShopperId, row.IsDrawn }).ToListAsync(token).ConfigureAwait(false);
            var everyone = await GlobalHoldouts.CurrentAsync(database, scope.Workspace, token).ConfigureAwait(false);
            var bandit = TryDraw.Learn(learning.Salt, [.. steps.Select(step => step.BasisPoints)], judged, usual);
            var id = Guid.CreateVersion7(now);
            var rows = TryDraw.Rows(learning, id, plan, standing.Select(row => row.ShopperId).ToHashSet(StringComparer.Ordinal), shopper => everyone?.Holds(shopper) == true, bandit, steps, left, day, now, days);
            foreach (var part in rows.Chunk(RowsAtOnce))
            {
                database.OfferTries.AddRange(part);
                await database.SaveChangesAsync(token).ConfigureAwait(false);
                database.ChangeTracker.Clear();
            }

            return new TryRound(id, learning.Label, rows.Where(row => row.IsDrawn).ToImmutableDictionary(row => row.ShopperId, row => row.StepBasisPoints, StringComparer.Ordinal),
                standing.Where(row => row.IsDrawn).Select(row => row.ShopperId).ToImmutableHashSet(StringComparer.Ordinal), steps);
        }, cancellationToken).ConfigureAwait(false);
        return drawn.Value;
    }

    /// <summary>The round's codes are out: from now on it teaches.</summary>
    internal async Task GivenAsync(WorkspaceScope scope, TryRound round, CancellationToken cancellationToken)
    {
        var database = await databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = database.ConfigureAwait(false);
        await database.OfferTries.Where(row => row.WorkspaceId == scope.Workspace && row.RoundId == round.Id).ExecuteUpdateAsync(set => set.SetProperty(row => row.IsGiven, true), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Nothing was given out: the round never was.</summary>
    internal async Task TakeBackAsync(WorkspaceScope scope, TryRound round, CancellationToken cancellationToken)
    {
        var database = await databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = database.ConfigureAwait(false);
        await database.OfferTries.Where(row => row.WorkspaceId == scope.Workspace && row.RoundId == round.Id).ExecuteDeleteAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>What came of the tries that are over, from the shop's orders as they are now.</summary>
    private async Task<(ImmutableArray<JudgedTry> Judged, int Waiting, DateTimeOffset? FirstOver)> JudgedAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        var database = await databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = database.ConfigureAwait(false);
        var rounds = (await RoundsAsync(database, scope, cancellationToken).ConfigureAwait(false)).Where(round => round.IsGiven).OrderByDescending(round => round.At).Take(MostRounds).ToArray();
        var judged = ImmutableArray.CreateBuilder<JudgedTry>();
        var (waiting, first) = (0, (DateTimeOffset?)null);
        foreach (var round in rounds)
        {
            var rows = await database.OfferTries.AsNoTracking().Where(row => row.WorkspaceId == scope.Workspace && row.RoundId == round.Id).ToListAsync(cancellationToken).ConfigureAwait(false);
            if (await reports.ProfitsAsync(scope, round.At, round.Days, rows.Select(row => row.ShopperId), cancellationToken).ConfigureAwait(false) is not { } profits)
            {
                waiting += rows.Count(row => row.IsDrawn);
                first = first < round.At.AddDays(round.Days) ? first : round.At.AddDays(round.Days);
                continue;
            }

            judged.AddRange(rows.Where(row => profits.ContainsKey(row.ShopperId)).Select(row => new JudgedTry(row, profits[row.ShopperId])));
        }

        return (judged.ToImmutable(), waiting, first);
    }

    private static Task<List<Round>> RoundsAsync(StudioDb database, WorkspaceScope scope, CancellationToken cancellationToken) =>
        database.OfferTries.Where(row => row.WorkspaceId == scope.Workspace).GroupBy(row => new { row.RoundId, row.At, row.Days, row.IsGiven }).Select(rows => new Round(rows.Key.RoundId, rows.Key.At, rows.Key.Days, rows.Key.IsGiven)).ToListAsync(cancellationToken);

    private async Task<bool> IsOnAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        var database = await databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = database.ConfigureAwait(false);
        return await database.OfferLearnings.AnyAsync(row => row.WorkspaceId == scope.Workspace && row.IsOn, cancellationToken).ConfigureAwait(false);
    }

    private static Task<long> SpentAsync(StudioDb database, WorkspaceScope scope, string day, CancellationToken cancellationToken) =>
        database.OfferTries.Where(row => row.WorkspaceId == scope.Workspace && row.Day == day).SumAsync(row => row.MostMinor, cancellationToken);

    private async Task<string> TodayAsync(StudioDb database, WorkspaceScope scope, CancellationToken cancellationToken)
    {
        var zone = await database.Workspaces.Where(shop => shop.Id == scope.Workspace).Select(shop => shop.TimeZone).SingleAsync(cancellationToken).ConfigureAwait(false);
        return RuleLimits.Day(RuleCalendar.Today(time, TimeZoneInfo.FindSystemTimeZoneById(zone)));
    }

    private static OfferLearningDraft DraftOf(OfferLearning learning) => new(learning.IsOn, learning.ShareBasisPoints, learning.DayMoneyMinor, learning.Label);

    private static double UsualProfit(ImmutableArray<JudgedTry> judged) => judged.IsEmpty ? 1 : Math.Max(1, judged.Average(one => Math.Abs(one.Profit)));

    private sealed record Round(Guid Id, DateTimeOffset At, int Days, bool IsGiven);
}
