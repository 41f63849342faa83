using System.Collections.Immutable;
using MerchantStudio.Core.Insights.Intent;

namespace MerchantStudio.Core.Pipeline;

/// <summary>What a run must know to go on after a restart; saved after each stage.</summary>
/// <param name="AsOf">The moment that features, recency and scores are as of; null before the sessions stage and without events.</param>
internal sealed record PipelineState(
    Guid RunId, PipelineReport Report, DateTimeOffset? AsOf, ImmutableArray<StageRecord> Stages,
    ImmutableArray<PlannedHorizon> Plans, ImmutableArray<TrainedHorizon> Trained);

/// <summary>Cutoffs of one horizon whose feature tables are built.</summary>
/// <param name="Training">Latest first.</param>
internal sealed record PlannedHorizon(int Days, ImmutableArray<DateTimeOffset> Training, DateTimeOffset Validation, DateTimeOffset Test)
{
    public const string TablePrefix = "work_intent_";

    public IEnumerable<(string Table, DateTimeOffset Cutoff)> Tables =>
        [.. Training.Select((cutoff, index) => (TrainingTable(index), cutoff)), (ValidationTable, Validation), (TestTable, Test)];

    public string TrainingTable(int index) => FormattableString.Invariant($"{TablePrefix}{Days}_training_{index}");

    public string ValidationTable => FormattableString.Invariant($"{TablePrefix}{Days}_validation");

    public string TestTable => FormattableString.Invariant($"{TablePrefix}{Days}_test");
}

/// <summary>The candidates of one horizon, their models in the store.</summary>
internal sealed record TrainedHorizon(int Days, ImmutableArray<TrainedModel> Models)
{
    public TrainedModel Best => Models.MinBy(model => model.Training.Validation.LogLoss)!;
}

internal sealed record TrainedModel(string FileHash, IntentTraining Training);
