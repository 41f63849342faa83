using System.Collections.Immutable;
using MerchantStudio.Core.Features.Horizons;
using MerchantStudio.Core.Insights.Intent;

namespace MerchantStudio.Core.Pipeline;

/// <summary>What a run must know to go on after a restart; saved after each stage.</summary>
/// <param name="AsOf">The moment that features, recency and scores are as of; null before the sessions stage and without events.</param>
internal sealed record PipelineState(
    Guid RunId, PipelineReport Report, DateTimeOffset? AsOf, ImmutableArray<StageRecord> Stages,
    ImmutableArray<PlannedHorizon> Plans, ImmutableArray<TrainedHorizon> Trained);

/// <summary>Cutoffs of one horizon whose feature tables are built.</summary>
/// <param name="Training">Latest first.</param>
public sealed record PlannedHorizon(int Days, ImmutableArray<DateTimeOffset> Training, DateTimeOffset Validation, DateTimeOffset Test)
{
    private const string TablePrefix = "work_intent_";

    /// <param name="plan">One that is offered.</param>
    internal static PlannedHorizon Of(HorizonPlan plan) => new(plan.Days, [.. plan.Training.Select(window => window.Cutoff)], plan.Validation!.Cutoff, plan.Test!.Cutoff);

    internal IEnumerable<(string Table, DateTimeOffset Cutoff)> Tables =>
        [.. Training.Select((cutoff, index) => (TrainingTable(index), cutoff)), (ValidationTable, Validation), (TestTable, Test)];

    internal string TrainingTable(int index) => FormattableString.Invariant($"{TablePrefix}{Days}_training_{index}");

    internal string ValidationTable => FormattableString.Invariant($"{TablePrefix}{Days}_validation");

    internal string TestTable => FormattableString.Invariant($"{TablePrefix}{Days}_test");
}

/// <summary>The candidates of one horizon, their models in the store.</summary>
/// <param name="RowsHash">What <see cref="Training.TrainingWindows.HashOf"/> says of its windows.</param>
internal sealed record TrainedHorizon(int Days, ImmutableArray<TrainedModel> Models, string RowsHash)
{
    public TrainedModel Best => Models.MinBy(model => model.Training.Validation.LogLoss)!;
}

/// <param name="Stopped">Ended by the clock or by hand before it was done.</param>
/// <param name="Notes">What one should know before trusting it; null for none.</param>
internal sealed record TrainedModel(string FileHash, IntentTraining Training, bool Stopped = false, ImmutableArray<SavedProblem>? Notes = null);
