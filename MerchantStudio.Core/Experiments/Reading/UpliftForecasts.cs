using System.Collections.Concurrent;
using System.Collections.Frozen;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.Experiments.Uplift;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Experiments.Reading;

/// <param name="Without">Chance to buy without the offer.</param>
/// <param name="Uplift">What the offer changes of it.</param>
/// <param name="Error">Standard error of what came of the tenth of the experiment's people with predictions like hers.</param>
public readonly record struct ShopperUplift(double Without, double Uplift, double Error);

/// <summary>What an experiment's offer is expected to change for every shopper as she is now.</summary>
/// <param name="ArmName">Of the arm that was learnt from.</param>
/// <param name="GoalDays">In which an order counted.</param>
/// <param name="Rule">Where the groups part, by what the offer cost and a purchase earned in the experiment.</param>
/// <param name="Qini">Whether the model tells people apart at all: only where its interval lies above 0.</param>
/// <param name="Number">Version of the model.</param>
public sealed record UpliftForecast(
    Guid ExperimentId, string Name, string ArmName, int GoalDays, FrozenDictionary<string, ShopperUplift> Shoppers, UpliftGroupRule Rule, QiniComparison Qini, int Treated, int Holdout, int Number, DateTimeOffset LearntAt);

/// <summary>
/// Learns from an experiment whom its offer changes, and says it of every shopper. The model is kept over restarts, as long as the experiment's people are what it learnt from; what it says of
/// single shoppers stays in memory alone.
/// </summary>
public sealed class UpliftForecasts
{
    private readonly ExperimentStore _store;
    private readonly ExperimentReports _reports;
    private readonly UpliftShelf _shelf;

    internal UpliftForecasts(ExperimentStore store, ExperimentReports reports, UpliftShelf shelf) => (_store, _reports, _shelf) = (store, reports, shelf);

    private const int MostKept = 20;
    private readonly ConcurrentDictionary<(Guid Experiment, int Arm, DateTimeOffset AsOf), UpliftForecast> _learnt = new();

    /// <summary>Takes seconds for some ten thousand people, and nothing when it was asked before on the same data.</summary>
    /// <param name="arm">As the report counts them.</param>
    /// <param name="asOf">The moment that shoppers are described at: that of the published profiles.</param>
    public async Task<Outcome<UpliftForecast>> LearnAsync(WorkspaceScope scope, Guid experimentId, int arm, DateTimeOffset asOf, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.ReadFigures) is { } refusal) return refusal;
        if (!(await _store.FindAsync(scope, experimentId, cancellationToken).ConfigureAwait(false)).TryGet(out var experiment, out var problem)) return problem;
        if (_learnt.TryGetValue((experimentId, arm, asOf), out var known)) return known;
        var found = await _reports.WithPeopleAsync(scope, experiment, async (session, read, sums) =>
        {
            if (arm < 0 || arm >= read.Arms.Length) return null;
            var table = await UpliftReports.TableAsync(session, read, arm, cancellationToken).ConfigureAwait(false);

            // The same question about everybody, as if each were dealt out now.
            await session.ExecuteAsync("create or replace temp table experiment_people as select user_id, -1 as arm, cast($1 as timestamp) as assigned_at, 0 as orders from shopper_profile where user_id is not null", [asOf], cancellationToken).ConfigureAwait(false);
            var ids = await session.QueryAsync("select user_id from experiment_people order by user_id", row => row.Text(0)!, [], cancellationToken).ConfigureAwait(false);
            return new Found(table, UpliftReports.RuleOf(sums[arm], sums[^1]), read.Arms[arm], [.. ids], await UpliftReports.FeaturesAsync(session, arm, cancellationToken).ConfigureAwait(false));
        }, cancellationToken).ConfigureAwait(false);
        if (found is null) return ExperimentProblems.NoSuchArm();
        var treated = found.Table.Treated.Count(isTreated => isTreated);
        if (Math.Min(treated, found.Table.Y.Length - treated) < UpliftView.LeastPeople) return ExperimentProblems.TooFewForUplift(UpliftView.LeastPeople);
        var hash = UpliftShelf.HashOf(found.Table);
        if (await _shelf.FindAsync(scope.Workspace, experimentId, arm, hash, cancellationToken).ConfigureAwait(false) is not { } shelved)
        {
            var learnt = await Task.Run(() => Learn(found, treated, cancellationToken), cancellationToken).ConfigureAwait(false);
            if (!learnt.TryGet(out var made, out problem)) return problem;
            shelved = await _shelf.SaveAsync(scope.Workspace, experimentId, arm, hash, made.Model, made.Card, cancellationToken).ConfigureAwait(false);
        }

        if (!Told(experiment, found, shelved).TryGet(out var forecast, out problem)) return problem;
        if (_learnt.Count >= MostKept) _learnt.Clear();
        return _learnt[(experimentId, arm, asOf)] = forecast;
    }

    private static Outcome<(UpliftModel Model, UpliftCard Card)> Learn(Found found, int treated, CancellationToken cancellationToken)
    {
        var trainer = new UpliftTrainer(UpliftReports.OptionsFor(found.Table, treated));
        if (!trainer.OutOfFold(found.Table, UpliftReports.Parts, UpliftReports.Seed, cancellationToken).TryGet(out var told, out var problem)) return problem;
        if (!trainer.Train(found.Table, UpliftReports.Seed, cancellationToken).TryGet(out var model, out problem)) return problem;
        var deciles = UpliftReading.Deciles(told.Uplift, found.Table.Treated, found.Table.Y);
        var falling = told.Uplift.OrderDescending().ToArray();
        var qini = Qini.Compare(told.Uplift, told.With, found.Table.Treated, found.Table.Y, UpliftReports.Seed, cancellationToken: cancellationToken);
        return (model, new UpliftCard(
            qini, found.Rule, treated, found.Table.Y.Length - treated, [.. Enumerable.Range(1, deciles.Length - 1).Select(tenth => falling[(int)((long)falling.Length * tenth / deciles.Length) - 1])], [.. deciles.Select(decile => decile.Actual.StandardError)]));
    }

    private static Outcome<UpliftForecast> Told(SavedExperiment experiment, Found found, ShelvedUplift shelved)
    {
        if (!shelved.Model.Predict(found.Everybody).TryGet(out var now, out var problem)) return problem;
        var card = shelved.Card;
        var shoppers = found.Ids.Select((id, row) => KeyValuePair.Create(id, new ShopperUplift(Math.Clamp(now.Without[row], 0, 1), now.Uplift[row], card.ErrorOf(now.Uplift[row])))).ToFrozenDictionary(StringComparer.Ordinal);
        return new UpliftForecast(experiment.Id, experiment.Name, found.Arm, experiment.GoalDays, shoppers, card.Rule, card.Qini, card.Treated, card.Holdout, shelved.Number, shelved.LearntAt);
    }

    private sealed record Found(UpliftTable Table, UpliftGroupRule Rule, string Arm, string[] Ids, Learning.FeatureMatrix Everybody);
}
