using System.Collections.Immutable;
using System.Text;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Outcomes;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Experiments;

/// <summary>An experiment that is kept, with its split read.</summary>
public sealed record SavedExperiment(
    Guid Id, string Key, string Name, Guid? CampaignId, ExperimentState State, ExperimentSplit Split, ExperimentGoal Goal, int GoalDays, long PlannedPeople, bool LookOnce,
    decimal MessageCost, string CreatedBy, DateTimeOffset CreatedAt, DateTimeOffset? StartedAt, DateTimeOffset? StoppedAt)
{
    /// <summary>The split of an experiment as it is kept.</summary>
    public static ExperimentSplit SplitOf(Experiment row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return SplitText.Read(row.SplitJson);
    }

    internal static SavedExperiment Of(Experiment row) => new(
        row.Id, row.Key, row.Name, row.CampaignId, row.State, SplitText.Read(row.SplitJson), row.Goal, row.GoalDays, row.PlannedPeople, row.LookOnce, row.MessageCost, row.CreatedBy, row.CreatedAt, row.StartedAt, row.StoppedAt);
}

/// <summary>Makes experiments, starts and stops them, and finds them again.</summary>
public sealed class ExperimentStore(IDbContextFactory<StudioDb> databases, AuditTrail audit, Enrolment enrolment, TimeProvider time)
{
    private const int MostKeyLetters = 40;

    /// <summary>Makes a draft; it takes people in once it is started.</summary>
    /// <returns>Its id.</returns>
    public async Task<Outcome<Guid>> CreateAsync(WorkspaceScope scope, ExperimentDraft draft, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(draft);
        if (scope.Refusal(Right.PublishOffers) is { } refusal) return refusal;
        if (draft.Fault() is { } fault) return fault;
        return await databases.RunAsync<Guid>(async (database, token) =>
        {
            var now = time.GetUtcNow();
            var id = Guid.CreateVersion7(now);
            database.Experiments.Add(new Experiment
            {
                Id = id,
                WorkspaceId = scope.Workspace,
                Key = await FreeKeyAsync(database, scope, draft.Name, token).ConfigureAwait(false),
                Name = draft.Name.Trim(),
                CampaignId = draft.CampaignId,
                SplitJson = SplitText.Write(draft.Split(id.ToString("N"))),
                Goal = draft.Goal,
                GoalDays = draft.GoalDays,
                PlannedPeople = draft.PlannedPeople,
                LookOnce = draft.LookOnce,
                MessageCost = draft.MessageCost,
                CreatedBy = scope.Actor.Name,
                CreatedAt = now,
            });
            audit.Add(database, scope.Workspace, scope.Actor, new AuditFact("experiment.created", draft.Name.Trim(), After: $"{draft.Arms.Length} arms; holdout {draft.HoldoutBasisPoints} basis points; {draft.GoalDays} days; {draft.PlannedPeople} people"));
            await database.SaveChangesAsync(token).ConfigureAwait(false);
            return id;
        }, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Lets it take people in. One that runs already is left as it is.</summary>
    public Task<Outcome<Done>> StartAsync(WorkspaceScope scope, Guid experimentId, CancellationToken cancellationToken) => MoveAsync(scope, experimentId, ExperimentState.Running, cancellationToken);

    /// <summary>Takes nobody in any more. Its people keep their arms, and their orders count on to the end of their days.</summary>
    public Task<Outcome<Done>> StopAsync(WorkspaceScope scope, Guid experimentId, CancellationToken cancellationToken) => MoveAsync(scope, experimentId, ExperimentState.Stopped, cancellationToken);

    /// <inheritdoc cref="Enrolment.EnrollAsync"/>
    public Task<Outcome<ImmutableArray<Enrolled>>> EnrollAsync(WorkspaceScope scope, Guid experimentId, IReadOnlyList<string> shoppers, CancellationToken cancellationToken) =>
        enrolment.EnrollAsync(scope, experimentId, shoppers, cancellationToken);

    /// <summary>Those that take people in now, oldest first.</summary>
    public Task<Outcome<ImmutableArray<SavedExperiment>>> RunningAsync(WorkspaceScope scope, CancellationToken cancellationToken) =>
        ReadAsync(scope, rows => rows.Where(row => row.State == ExperimentState.Running).OrderBy(row => row.CreatedAt), cancellationToken);

    /// <summary>All, newest first.</summary>
    public Task<Outcome<ImmutableArray<SavedExperiment>>> ListAsync(WorkspaceScope scope, CancellationToken cancellationToken) =>
        ReadAsync(scope, rows => rows.OrderByDescending(row => row.CreatedAt), cancellationToken);

    /// <summary>Those of a campaign, newest first.</summary>
    public Task<Outcome<ImmutableArray<SavedExperiment>>> OfCampaignAsync(WorkspaceScope scope, Guid campaignId, CancellationToken cancellationToken) =>
        ReadAsync(scope, rows => rows.Where(row => row.CampaignId == campaignId).OrderByDescending(row => row.CreatedAt), cancellationToken);

    public async Task<Outcome<SavedExperiment>> FindAsync(WorkspaceScope scope, Guid experimentId, CancellationToken cancellationToken)
    {
        if (!(await ReadAsync(scope, rows => rows.Where(row => row.Id == experimentId), cancellationToken).ConfigureAwait(false)).TryGet(out var found, out var problem)) return problem;
        return found.IsEmpty ? ExperimentProblems.Gone() : found[0];
    }

    /// <param name="key">As programs call it.</param>
    public async Task<Outcome<SavedExperiment>> FindAsync(WorkspaceScope scope, string key, CancellationToken cancellationToken)
    {
        if (!(await ReadAsync(scope, rows => rows.Where(row => row.Key == key), cancellationToken).ConfigureAwait(false)).TryGet(out var found, out var problem)) return problem;
        return found.IsEmpty ? ExperimentProblems.Gone() : found[0];
    }

    private async Task<Outcome<ImmutableArray<SavedExperiment>>> ReadAsync(WorkspaceScope scope, Func<IQueryable<Experiment>, IQueryable<Experiment>> choose, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (Enrolment.MayAsk(scope) is { } refusal) return refusal;
        var database = await databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = database.ConfigureAwait(false);
        var rows = await choose(database.Experiments.AsNoTracking().Where(row => row.WorkspaceId == scope.Workspace)).ToArrayAsync(cancellationToken).ConfigureAwait(false);
        return rows.Select(SavedExperiment.Of).ToImmutableArray();
    }

    private async Task<Outcome<Done>> MoveAsync(WorkspaceScope scope, Guid experimentId, ExperimentState state, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.PublishOffers) is { } refusal) return refusal;
        try
        {
            return await databases.RunAsync<Done>(async (database, token) =>
            {
                var row = await database.Experiments.SingleOrDefaultAsync(row => row.WorkspaceId == scope.Workspace && row.Id == experimentId, token).ConfigureAwait(false);
                if (row is null) return ExperimentProblems.Gone();
                if (row.State == state) return new Done();
                if (row.State == ExperimentState.Stopped) return ExperimentProblems.AlreadyStopped();
                var before = row.State;
                var now = time.GetUtcNow();
                (row.State, row.Revision) = (state, row.Revision + 1);
                if (state == ExperimentState.Running) row.StartedAt = now;
                else row.StoppedAt = now;
                audit.Add(database, scope.Workspace, scope.Actor, new AuditFact(state == ExperimentState.Running ? "experiment.started" : "experiment.stopped", row.Name, before.ToString(), state.ToString()));
                await database.SaveChangesAsync(token).ConfigureAwait(false);
                return new Done();
            }, cancellationToken).ConfigureAwait(false);
        }
        catch (DbUpdateConcurrencyException)
        {
            return ExperimentProblems.ChangedMeanwhile();
        }
    }

    /// <summary>The name in letters that an address can hold; numbered where it is taken.</summary>
    private static async Task<string> FreeKeyAsync(StudioDb database, WorkspaceScope scope, string name, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        foreach (var letter in name.Trim())
        {
            if (char.IsAsciiLetterOrDigit(letter)) text.Append(char.ToLowerInvariant(letter));
            else if (text.Length > 0 && text[^1] != '-') text.Append('-');
            if (text.Length == MostKeyLetters) break;
        }

        var plain = text.ToString().Trim('-');
        if (plain.Length == 0) plain = "experiment";
        var taken = await database.Experiments.Where(row => row.WorkspaceId == scope.Workspace && row.Key.StartsWith(plain)).Select(row => row.Key).ToHashSetAsync(cancellationToken).ConfigureAwait(false);
        return !taken.Contains(plain) ? plain : Enumerable.Range(2, taken.Count + 1).Select(number => $"{plain}-{number}").First(key => !taken.Contains(key));
    }
}
