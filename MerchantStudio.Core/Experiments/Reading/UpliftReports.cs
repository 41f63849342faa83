using System.Collections.Immutable;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.Experiments.Uplift;
using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Learning.Trees;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Experiments.Reading;

/// <summary>Learns from an experiment's own people whom the offer changed.</summary>
public sealed class UpliftReports(ExperimentStore store, ExperimentReports reports)
{
    internal const int Seed = 1;
    internal const int Parts = 3;

    /// <summary>Takes seconds for some ten thousand people.</summary>
    /// <param name="arm">As the report counts them.</param>
    public async Task<Outcome<UpliftView>> ReadAsync(WorkspaceScope scope, Guid experimentId, int arm, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.ReadFigures) is { } refusal) return refusal;
        if (!(await store.FindAsync(scope, experimentId, cancellationToken).ConfigureAwait(false)).TryGet(out var experiment, out var problem)) return problem;
        var found = await reports.WithPeopleAsync(scope, experiment, async (session, read, sums) => arm < 0 || arm >= read.Arms.Length
            ? null
            : new Found(await TableAsync(session, read, arm, cancellationToken).ConfigureAwait(false), RuleOf(sums[arm], sums[^1])), cancellationToken).ConfigureAwait(false);
        if (found is not { Table: var table, Rule: var rule }) return ExperimentProblems.NoSuchArm();
        var treated = table.Treated.Count(isTreated => isTreated);
        if (Math.Min(treated, table.Y.Length - treated) < UpliftView.LeastPeople) return ExperimentProblems.TooFewForUplift(UpliftView.LeastPeople);
        return await Task.Run(() => Learn(table, rule, treated, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    private static Outcome<UpliftView> Learn(UpliftTable table, UpliftGroupRule rule, int treated, CancellationToken cancellationToken)
    {
        var options = OptionsFor(table, treated);
        if (!new UpliftTrainer(options).OutOfFold(table, Parts, Seed, cancellationToken).TryGet(out var scores, out var problem)) return problem;
        return new UpliftView(treated, table.Y.Length - treated, Qini.Compare(scores.Uplift, scores.With, table.Treated, table.Y, Seed, cancellationToken: cancellationToken), UpliftReading.Groups(scores, rule, table.Treated, table.Y), rule);
    }

    /// <summary>Small experiments are learnt with fewer and flatter trees: leaves of a hundred would leave nothing to split.</summary>
    internal static UpliftOptions OptionsFor(UpliftTable table, int treated)
    {
        var least = Math.Clamp(Math.Min(treated, table.Y.Length - treated) / 20, 10, 200);
        return new UpliftOptions(UpliftLearner.X, Parts, new TreesOptions(Rounds: 150, LearningRate: 0.05, Leaves: 6, Depth: 3, MinRows: least, Patience: 20), new TreesOptions(Rounds: 100, LearningRate: 0.03, Leaves: 4, Depth: 2, MinRows: least, Patience: 20));
    }

    /// <summary>What is known of those in experiment_people at the moment each was assigned, in the order of their ids.</summary>
    internal static async Task<FeatureMatrix> FeaturesAsync(WarehouseSession session, int arm, CancellationToken cancellationToken) => MatrixOf(await RowsAsync(session, arm, cancellationToken).ConfigureAwait(false));

    internal static async Task<UpliftTable> TableAsync(WarehouseSession session, ReadSplit read, int arm, CancellationToken cancellationToken)
    {
        var rows = await RowsAsync(session, arm, cancellationToken).ConfigureAwait(false);
        var (share, held) = ((double)read.Split.ShareOf(arm), read.Split.ShareOf(ExperimentSplit.HoldoutArm));
        return new UpliftTable(MatrixOf(rows), [.. rows.Select(row => row.Treated)], [.. rows.Select(row => row.Bought ? 1f : 0f)], share / (share + held));
    }

    private static Task<ImmutableArray<(bool Treated, bool Bought, float[] Values)>> RowsAsync(WarehouseSession session, int arm, CancellationToken cancellationToken) => session.QueryAsync(UpliftSql.Text, row => (row.Boolean(0), row.Boolean(1), Enumerable.Range(2, UpliftSql.Features.Length).Select(column => (float)(row.DoubleOrNull(column) ?? double.NaN)).ToArray()),
        [(long)arm], cancellationToken);

    private static FeatureMatrix MatrixOf(ImmutableArray<(bool Treated, bool Bought, float[] Values)> rows)
    {
        var values = new float[UpliftSql.Features.Length * rows.Length];
        for (var row = 0; row < rows.Length; row++)
        {
            for (var column = 0; column < UpliftSql.Features.Length; column++) values[(column * rows.Length) + row] = rows[row].Values[column];
        }

        return new FeatureMatrix([.. UpliftSql.Features.Select(name => new FeatureColumn(name))], rows.Length, values);
    }

    /// <summary>By what this experiment counted: what the offer took of a person who got it, and what a purchase earned.</summary>
    internal static UpliftGroupRule RuleOf(ArmSums treated, ArmSums holdout)
    {
        var (orders, margin) = (treated.Orders + holdout.Orders, treated.MarginMinor + holdout.MarginMinor);
        var cost = treated.People == 0 ? 0 : Math.Max(0, (double)(treated.DiscountMinor + treated.SendCostMinor) / treated.People);
        var earned = orders == 0 || margin <= 0 ? 1 : (double)margin / orders;
        return UpliftGroupRule.Of(holdout.People == 0 ? 0 : (double)holdout.Converted / holdout.People, cost, earned);
    }

    private sealed record Found(UpliftTable Table, UpliftGroupRule Rule);
}
