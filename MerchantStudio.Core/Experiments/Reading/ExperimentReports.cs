using System.Collections.Immutable;
using System.Text.Json;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Shop;
using MerchantStudio.Core.Warehouse;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Experiments.Reading;

/// <summary>Reads experiments from the shop's orders, and keeps who decided otherwise.</summary>
public sealed class ExperimentReports(IDbContextFactory<StudioDb> databases, WarehouseRegistry warehouses, ExperimentStore store, GlobalHoldouts holdouts, AuditTrail audit, TimeProvider time)
{
    private const int LeastDays = 7;
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals };

    /// <summary>Orders count from a person's assignment for the experiment's days, as far as the data reach. No verdict comes before the first person's days are over.</summary>
    public async Task<Outcome<ExperimentReading>> ReadAsync(WorkspaceScope scope, Guid experimentId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.ReadFigures) is { } refusal) return refusal;
        if (!(await store.FindAsync(scope, experimentId, cancellationToken).ConfigureAwait(false)).TryGet(out var experiment, out var problem)) return problem;
        var database = await databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = database.ConfigureAwait(false);
        var (currency, read) = (await CurrencyAsync(database, scope, cancellationToken).ConfigureAwait(false), ReadSplit.Of(experiment.Split));
        var rule = RuleOf(experiment);
        var assigned = await database.ExperimentPeople.LongCountAsync(row => row.WorkspaceId == scope.Workspace && row.ExperimentId == experiment.Id, cancellationToken).ConfigureAwait(false);
        var overrides = await OverridesAsync(database, scope, experimentId, cancellationToken).ConfigureAwait(false);
        var session = await SessionAsync(scope, cancellationToken).ConfigureAwait(false);
        if (session is null) return Reading([.. Enumerable.Repeat(ArmSums.Nobody, read.Arms.Length + 1)], null, null);
        await using var __ = session.ConfigureAwait(false);
        var (sums, asOf) = await FillAsync(database, session, scope, experiment, read, Scale(currency), cancellationToken).ConfigureAwait(false);
        return Reading(sums, asOf, await session.ScalarAsync<double?>(ReadingSql.CostKnown, [], cancellationToken).ConfigureAwait(false));

        ExperimentReading Reading(ImmutableArray<ArmSums> sums, DateTimeOffset? end, double? costKnown) =>
            new(experiment, ExperimentReport.OfSums(sums, read.Split, rule, end ?? time.GetUtcNow()), rule, read.Control, read.Arms, end, currency, assigned, costKnown, overrides);
    }

    /// <summary>Reads on in the warehouse where experiment_people holds one row a person.</summary>
    /// <returns>Null before the first run of the pipeline.</returns>
    internal async Task<T?> WithPeopleAsync<T>(WorkspaceScope scope, SavedExperiment experiment, Func<WarehouseSession, ReadSplit, ImmutableArray<ArmSums>, Task<T?>> question, CancellationToken cancellationToken)
        where T : class
    {
        var database = await databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = database.ConfigureAwait(false);
        var session = await SessionAsync(scope, cancellationToken).ConfigureAwait(false);
        if (session is null) return null;
        await using var __ = session.ConfigureAwait(false);
        var (read, currency) = (ReadSplit.Of(experiment.Split), await CurrencyAsync(database, scope, cancellationToken).ConfigureAwait(false));
        var sums = (await FillAsync(database, session, scope, experiment, read, Scale(currency), cancellationToken).ConfigureAwait(false)).Sums;
        return await question(session, read, sums).ConfigureAwait(false);
    }

    /// <summary>What each of these people earned the shop from a moment on: margin less discount less what campaigns' messages to her cost, minor units; 0 of whoever bought nothing and was sent nothing.</summary>
    /// <returns>Null while the data do not reach over the days.</returns>
    internal async Task<IReadOnlyDictionary<string, double>?> ProfitsAsync(WorkspaceScope scope, DateTimeOffset from, int days, IEnumerable<string> shoppers, CancellationToken cancellationToken)
    {
        var session = await SessionAsync(scope, cancellationToken).ConfigureAwait(false);
        if (session is null) return null;
        await using var _ = session.ConfigureAwait(false);
        var asOf = await DataEndAsync(session, cancellationToken).ConfigureAwait(false);
        if (from.AddDays(days) > asOf) return null;
        var database = await databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var __ = database.ConfigureAwait(false);
        await session.ExecuteAsync(ReadingSql.Inputs, [], cancellationToken).ConfigureAwait(false);
        ReadingInputs.People(session, shoppers, from);
        await ReadingInputs.RedeemedAsync(database, session, scope.Workspace, from, cancellationToken).ConfigureAwait(false);
        var costs = (await database.Campaigns.Where(row => row.WorkspaceId == scope.Workspace && row.State != CampaignState.Draft).Select(row => new { row.Id, row.MessageCost }).ToListAsync(cancellationToken).ConfigureAwait(false))
            .Where(row => row.MessageCost > 0).ToDictionary(row => row.Id, row => row.MessageCost);
        await ReadingInputs.SentAsync(database, session, scope.Workspace, costs, from, cancellationToken, from.AddDays(days)).ConfigureAwait(false);
        await session.ExecuteAsync(ReadingSql.People, [asOf, (long)days, (double)Scale(await CurrencyAsync(database, scope, cancellationToken).ConfigureAwait(false))], cancellationToken).ConfigureAwait(false);
        var rows = await session.QueryAsync("select user_id, cast(margin - discount - send_cost as double) from experiment_people", row => KeyValuePair.Create(row.Text(0)!, row.Double(1)), [], cancellationToken).ConfigureAwait(false);
        return rows.ToDictionary(StringComparer.Ordinal);
    }

    /// <summary>Everybody else against those held back from all campaigns; null while nobody is, or before the first run of the pipeline.</summary>
    /// <remarks>Who is held back is worked out of the ids anew, so that nobody needs to have been written down. A shopper counts from the last change of the share on, or from when she first came.</remarks>
    public async Task<Outcome<AllCampaignsReading?>> AllCampaignsAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.ReadFigures) is { } refusal) return refusal;
        if (!(await holdouts.ReadAsync(scope, cancellationToken).ConfigureAwait(false)).TryGet(out var view, out var problem)) return problem;
        if (view.Current is not { } holdout) return (AllCampaignsReading?)null;
        var session = await SessionAsync(scope, cancellationToken).ConfigureAwait(false);
        if (session is null) return (AllCampaignsReading?)null;
        await using var _ = session.ConfigureAwait(false);
        var database = await databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var __ = database.ConfigureAwait(false);
        var (since, asOf) = (view.History[0].At, await DataEndAsync(session, cancellationToken).ConfigureAwait(false));
        var days = Math.Clamp((int)Math.Ceiling((asOf - since).TotalDays), 1, ExperimentDraft.MostGoalDays);
        var currency = await CurrencyAsync(database, scope, cancellationToken).ConfigureAwait(false);
        await session.ExecuteAsync(ReadingSql.Inputs, [], cancellationToken).ConfigureAwait(false);
        await session.ExecuteAsync(ReadingSql.Everybody, [holdout.Salt, (long)holdout.BasisPoints, since], cancellationToken).ConfigureAwait(false);
        await ReadingInputs.RedeemedAsync(database, session, scope.Workspace, since, cancellationToken).ConfigureAwait(false);
        var costs = (await database.Experiments.Where(row => row.WorkspaceId == scope.Workspace && row.CampaignId != null).Select(row => new { Campaign = row.CampaignId!.Value, row.MessageCost }).ToListAsync(cancellationToken).ConfigureAwait(false))
            .Where(row => row.MessageCost > 0).GroupBy(row => row.Campaign).ToDictionary(rows => rows.Key, rows => rows.Max(row => row.MessageCost));
        await ReadingInputs.SentAsync(database, session, scope.Workspace, costs, since, cancellationToken).ConfigureAwait(false);
        var rule = new ReadingRule(Math.Max(2, await session.ScalarAsync<long>("select count(*) from experiment_assigned", [], cancellationToken).ConfigureAwait(false)));
        var sums = await ArmSumsReader.ReadAsync(session, 1, asOf, days, Scale(currency), rule.CutPercentile, cancellationToken).ConfigureAwait(false);
        var split = ExperimentSplit.Of(holdout.Salt, ["everybody else"], [Assignment.Slots - holdout.BasisPoints], holdout.BasisPoints);
        return new AllCampaignsReading(ExperimentReport.OfSums(sums, split, rule, asOf), holdout, since, asOf, days, currency, await session.ScalarAsync<double?>(ReadingSql.CostKnown, [], cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Decides otherwise than the figures say. The verdict as it stood is kept beside the decision and its reason.</summary>
    /// <param name="arm">As the report counts them.</param>
    public async Task<Outcome<Done>> OverrideAsync(WorkspaceScope scope, Guid experimentId, int arm, VerdictKind decidedAs, string reason, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.PublishOffers) is { } refusal) return refusal;
        if (!(await ReadAsync(scope, experimentId, cancellationToken).ConfigureAwait(false)).TryGet(out var reading, out var problem)) return problem;
        if (reading.Report.Comparisons.FirstOrDefault(comparison => comparison.Arm == arm) is not { } compared) return ExperimentProblems.NoSuchArm();
        var standing = compared.Verdict with { Kind = reading.DecisionOn(compared) };
        if (!VerdictOverride.Of(standing, decidedAs, reason, scope.Actor.Name, time.GetUtcNow()).TryGet(out var decision, out problem)) return problem;
        return await databases.RunAsync<Done>(async (database, token) =>
        {
            database.VerdictNotes.Add(new VerdictNote
            {
                Id = Guid.CreateVersion7(decision.At),
                WorkspaceId = scope.Workspace,
                ExperimentId = experimentId,
                Arm = arm,
                Was = decision.Was.Kind.ToString(),
                DecidedAs = decidedAs.ToString(),
                WasJson = JsonSerializer.Serialize(compared.Verdict, Json),
                Reason = decision.Reason,
                By = decision.By,
                At = decision.At,
            });
            audit.Add(database, scope.Workspace, scope.Actor, new AuditFact("experiment.overridden", reading.Experiment.Name, decision.Was.Kind.ToString(), decidedAs.ToString(), decision.Reason));
            await database.SaveChangesAsync(token).ConfigureAwait(false);
            return new Done();
        }, cancellationToken).ConfigureAwait(false);
    }

    private static ReadingRule RuleOf(SavedExperiment experiment) => new(experiment.PlannedPeople, experiment.LookOnce, LeastDays: Math.Max(LeastDays, experiment.GoalDays));

    private async Task<(ImmutableArray<ArmSums> Sums, DateTimeOffset AsOf)> FillAsync(
        StudioDb database, WarehouseSession session, WorkspaceScope scope, SavedExperiment experiment, ReadSplit read, long scale, CancellationToken cancellationToken)
    {
        var (asOf, since) = (await DataEndAsync(session, cancellationToken).ConfigureAwait(false), experiment.StartedAt ?? experiment.CreatedAt);
        await session.ExecuteAsync(ReadingSql.Inputs, [], cancellationToken).ConfigureAwait(false);
        await ReadingInputs.PeopleAsync(database, session, scope.Workspace, experiment.Id, read.ArmOf, cancellationToken).ConfigureAwait(false);
        await ReadingInputs.RedeemedAsync(database, session, scope.Workspace, since, cancellationToken).ConfigureAwait(false);
        var costs = experiment is { CampaignId: { } campaign, MessageCost: > 0 } ? new Dictionary<Guid, decimal> { [campaign] = experiment.MessageCost } : [];
        await ReadingInputs.SentAsync(database, session, scope.Workspace, costs, since, cancellationToken).ConfigureAwait(false);
        return (await ArmSumsReader.ReadAsync(session, read.Arms.Length, asOf, experiment.GoalDays, scale, RuleOf(experiment).CutPercentile, cancellationToken).ConfigureAwait(false), asOf);
    }

    /// <summary>A transaction that keeps nothing; null before the first run of the pipeline.</summary>
    private async Task<WarehouseSession?> SessionAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        var warehouse = await warehouses.OpenAsync(scope.Workspace, cancellationToken).ConfigureAwait(false);
        foreach (var table in (string[])["clean_events", "paid_orders", "shopper_profile"])
        {
            if (!await warehouse.HasTableAsync(table, cancellationToken).ConfigureAwait(false)) return null;
        }

        return await warehouse.BeginAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task<DateTimeOffset> DataEndAsync(WarehouseSession session, CancellationToken cancellationToken)
    {
        var (end, now) = (await session.ScalarAsync<DateTimeOffset?>(ReadingSql.DataEnd, [], cancellationToken).ConfigureAwait(false), time.GetUtcNow());
        return end < now ? end.Value : now;
    }

    private static Task<string> CurrencyAsync(StudioDb database, WorkspaceScope scope, CancellationToken cancellationToken) =>
        database.Workspaces.Where(shop => shop.Id == scope.Workspace).Select(shop => shop.Currency).SingleAsync(cancellationToken);

    private static async Task<ImmutableArray<SavedOverride>> OverridesAsync(StudioDb database, WorkspaceScope scope, Guid experimentId, CancellationToken cancellationToken)
    {
        var notes = await database.VerdictNotes.AsNoTracking().Where(note => note.WorkspaceId == scope.Workspace && note.ExperimentId == experimentId).OrderByDescending(note => note.At).ToArrayAsync(cancellationToken).ConfigureAwait(false);
        return [.. notes.Select(note => new SavedOverride(note.Arm, Enum.Parse<VerdictKind>(note.Was), Enum.Parse<VerdictKind>(note.DecidedAs), note.Reason, note.By, note.At))];
    }

    private static long Scale(string currency) => (long)Math.Pow(10, Money.Decimals(currency));
}
