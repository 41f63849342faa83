using System.Collections.Immutable;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Outcomes;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace MerchantStudio.Core.Experiments;

/// <param name="Place">Whoever is in no arm and no holdout was not written down.</param>
public readonly record struct Enrolled(string ShopperId, Assigned Place);

/// <summary>Deals people out and writes down where they came to stand.</summary>
public sealed class Enrolment(IDbContextFactory<StudioDb> databases, TimeProvider time)
{
    /// <summary>A transaction of so many takes some tenths of a second; others may write between two.</summary>
    private const int PeopleAtOnce = 5_000;

    /// <summary>
    /// Where each of these people stands, in their order; who was not yet dealt out is now. The first answer holds for good: it is written down and given again, over restarts and whatever is
    /// changed. Whoever is held back from all campaigns is told so first, also when that came to be later.
    /// </summary>
    public async Task<Outcome<ImmutableArray<Enrolled>>> EnrollAsync(WorkspaceScope scope, Guid experimentId, IReadOnlyList<string> shoppers, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(shoppers);
        if (MayAsk(scope) is { } refusal) return refusal;
        if (scope.Actor.Key is null && scope.Refusal(Right.PublishOffers) is { } unfit) return unfit;
        var database = await databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = database.ConfigureAwait(false);
        var experiment = await database.Experiments.AsNoTracking().SingleOrDefaultAsync(row => row.WorkspaceId == scope.Workspace && row.Id == experimentId, cancellationToken).ConfigureAwait(false);
        if (experiment is null) return ExperimentProblems.Gone();
        if (experiment.State != ExperimentState.Running) return ExperimentProblems.NotRunning();
        var split = SplitText.Read(experiment.SplitJson);
        var global = await GlobalHoldouts.CurrentAsync(database, scope.Workspace, cancellationToken).ConfigureAwait(false);
        var places = new Dictionary<string, Assigned>(StringComparer.Ordinal);
        if (shoppers.Count > PeopleAtOnce) await KnownAsync(database, experiment, places, cancellationToken).ConfigureAwait(false);
        foreach (var part in shoppers.Where(shopper => global?.Holds(shopper) != true).Distinct(StringComparer.Ordinal).Chunk(PeopleAtOnce))
        {
            if (shoppers.Count <= PeopleAtOnce) await KnownAsync(database, experiment, part, places, cancellationToken).ConfigureAwait(false);
            var drawn = part.Where(shopper => !places.ContainsKey(shopper)).ToDictionary(shopper => shopper, split.ArmOf, StringComparer.Ordinal);
            var added = drawn.Where(person => person.Value.Kind is AssignmentKind.Arm or AssignmentKind.Holdout).Select(person => KeyValuePair.Create(person.Key, person.Value.Arm)).ToArray();
            var written = added.Length == 0 ? 0 : (await AddAsync(experiment, added, cancellationToken).ConfigureAwait(false)).Value;

            // Somebody else wrote some of them at the same moment: what stands there holds.
            if (written < added.Length) await KnownAsync(database, experiment, [.. added.Select(person => person.Key)], places, cancellationToken).ConfigureAwait(false);
            foreach (var (shopper, place) in drawn) places.TryAdd(shopper, place);
        }

        return shoppers.Select(shopper => new Enrolled(shopper, places.TryGetValue(shopper, out var place) ? place : Assigned.GlobalHoldout)).ToImmutableArray();
    }

    /// <summary>A program that asks on a shopper's behalf holds a key, which its endpoint has let in; of people it takes the right to read.</summary>
    internal static Problem? MayAsk(WorkspaceScope scope) => scope.Actor.Key is null ? scope.Refusal(Right.ReadFigures) : null;

    /// <summary>Of many people all are read that the experiment has: one pass instead of many questions.</summary>
    private static async Task KnownAsync(StudioDb database, Experiment experiment, Dictionary<string, Assigned> places, CancellationToken cancellationToken)
    {
        await foreach (var person in Of(database, experiment).Select(person => new { person.ShopperId, person.Arm }).AsAsyncEnumerable().WithCancellation(cancellationToken).ConfigureAwait(false))
            places[person.ShopperId] = PlaceOf(person.Arm);
    }

    private static async Task KnownAsync(StudioDb database, Experiment experiment, string[] shoppers, Dictionary<string, Assigned> places, CancellationToken cancellationToken)
    {
        foreach (var part in shoppers.Chunk(EnrolInsert.RowsAtOnce))
        {
            var known = await Of(database, experiment).Where(person => part.Contains(person.ShopperId)).Select(person => new { person.ShopperId, person.Arm }).ToListAsync(cancellationToken).ConfigureAwait(false);
            foreach (var person in known) places[person.ShopperId] = PlaceOf(person.Arm);
        }
    }

    private static IQueryable<ExperimentPerson> Of(StudioDb database, Experiment experiment) =>
        database.ExperimentPeople.AsNoTracking().Where(person => person.WorkspaceId == experiment.WorkspaceId && person.ExperimentId == experiment.Id);

    private static Assigned PlaceOf(int arm) => arm == ExperimentSplit.HoldoutArm ? Assigned.Holdout : new Assigned(AssignmentKind.Arm, arm);

    private Task<Outcome<int>> AddAsync(Experiment experiment, KeyValuePair<string, int>[] people, CancellationToken cancellationToken) => databases.RunAsync<int>(async (database, token) =>
    {
        // Two processes that add the same people lock their rows in one order.
        Array.Sort(people, (one, other) => string.CompareOrdinal(one.Key, other.Key));
        var transaction = database.Database.CurrentTransaction!.GetDbTransaction();
        var (at, whole) = (time.GetUtcNow(), people.Length / EnrolInsert.RowsAtOnce * EnrolInsert.RowsAtOnce);
        var written = 0;
        if (whole > 0) await AddAsync(EnrolInsert.RowsAtOnce, 0, whole).ConfigureAwait(false);
        if (whole < people.Length) await AddAsync(people.Length - whole, whole, people.Length).ConfigureAwait(false);
        return written;

        async Task AddAsync(int rows, int from, int to)
        {
            var insert = await EnrolInsert.PrepareAsync(database.Model, transaction, experiment, at, rows, token).ConfigureAwait(false);
            await using var _ = insert.ConfigureAwait(false);
            for (; from < to; from += rows) written += await insert.AddAsync(people.AsSpan(from, rows), token).ConfigureAwait(false);
        }
    }, cancellationToken);
}
