using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Reviews;
using MerchantStudio.Core.Shop;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Pipeline;

/// <summary>A version before it has its number.</summary>
internal sealed record VersionDraft(string Task, string Family, string FileHash, string DataHash, int Seed, string ParametersJson, string MetricsJson)
{
    public static VersionDraft OfIntent(int horizonDays, string family, string fileHash, string dataHash, int seed, ModelFacts facts, ModelFigures figures) =>
        new(RunRecords.IntentTask(horizonDays), family, fileHash, dataHash, seed, PipelineJson.Write(facts), PipelineJson.Write(figures));

    public static VersionDraft OfSentiment(SentimentModelFacts model, SentimentMetrics metrics) =>
        new(SentimentModelFacts.Task, model.Family, model.FileHash, model.DataHash, model.Seed, PipelineJson.Write(new { model.Settings, model.Terms, model.TrainingSeconds }), PipelineJson.Write(metrics));

    /// <summary>Adds the version to a unit of work under its task's next number.</summary>
    /// <param name="madeBy">The run, or the training's job; null for a model that the merchant brought.</param>
    public async Task<ModelVersion> AddAsync(StudioDb db, WorkspaceId workspace, Guid? madeBy, DateTimeOffset now, bool live, CancellationToken cancellationToken)
    {
        var saved = await db.Models.Where(model => model.WorkspaceId == workspace && model.Task == Task).MaxAsync(model => (int?)model.Number, cancellationToken).ConfigureAwait(false) ?? 0;
        var added = db.Models.Local.Where(model => model.WorkspaceId == workspace && model.Task == Task).Select(model => model.Number).DefaultIfEmpty().Max();
        var version = new ModelVersion
        {
            Id = Guid.CreateVersion7(now),
            WorkspaceId = workspace,
            RunId = madeBy,
            Task = Task,
            Number = 1 + Math.Max(saved, added),
            Family = Family,
            FileHash = FileHash,
            DataHash = DataHash,
            Seed = Seed,
            ParametersJson = ParametersJson,
            MetricsJson = MetricsJson,
            CreatedAt = now,
            IsLive = live,
        };
        db.Models.Add(version);
        return version;
    }
}
