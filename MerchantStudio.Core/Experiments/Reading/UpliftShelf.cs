using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Experiments.Uplift;
using MerchantStudio.Core.Learning.Registry;
using MerchantStudio.Core.Shop;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Experiments.Reading;

/// <summary>What stands on a model's card: how well it tells people apart, and where the tenths of the experiment's people part.</summary>
/// <param name="Borders">Lowest prediction of each tenth but the last, falling.</param>
/// <param name="Errors">Standard error of what came of each tenth; NaN where it had too few people.</param>
internal sealed record UpliftCard(QiniComparison Qini, UpliftGroupRule Rule, int Treated, int Holdout, ImmutableArray<float> Borders, ImmutableArray<double> Errors)
{
    /// <summary>Which tenth of the experiment's people a prediction would stand among.</summary>
    public double ErrorOf(float uplift)
    {
        var tenth = 0;
        while (tenth < Borders.Length && uplift < Borders[tenth]) tenth++;
        return Errors[tenth];
    }
}

/// <param name="Number">Its version, from 1.</param>
internal sealed record ShelvedUplift(UpliftModel Model, UpliftCard Card, int Number, DateTimeOffset LearntAt);

/// <summary>Keeps trained uplift models over restarts: the file beside the other models, the card in the application's database.</summary>
internal sealed class UpliftShelf(IDbContextFactory<StudioDb> databases, ModelStore files, TimeProvider time)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    /// <summary>The newest model of the arm, if it learnt from just these people and its file is sound.</summary>
    public async Task<ShelvedUplift?> FindAsync(WorkspaceId workspace, Guid experiment, int arm, string dataHash, CancellationToken cancellationToken)
    {
        var database = await databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = database.ConfigureAwait(false);
        var row = await Of(database, workspace, experiment, arm).OrderByDescending(row => row.Number).FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false);
        if (row?.DataHash != dataHash) return null;
        try
        {
            var file = await files.OpenAsync(row.FileHash, cancellationToken).ConfigureAwait(false);
            await using var __ = file.ConfigureAwait(false);
            return new ShelvedUplift(UpliftModel.Load(file), JsonSerializer.Deserialize<UpliftCard>(row.CardJson, Json)!, row.Number, row.CreatedAt);
        }
        catch (Exception fault) when (fault is IOException or InvalidDataException)
        {
            // A file that is gone or damaged is learnt and written anew.
            return null;
        }
    }

    public async Task<ShelvedUplift> SaveAsync(WorkspaceId workspace, Guid experiment, int arm, string dataHash, UpliftModel model, UpliftCard card, CancellationToken cancellationToken)
    {
        var hash = await files.SaveAsync(model.Save, cancellationToken).ConfigureAwait(false);
        var saved = await databases.RunAsync<SavedUplift>(async (database, token) =>
        {
            var number = (await Of(database, workspace, experiment, arm).MaxAsync(row => (int?)row.Number, token).ConfigureAwait(false) ?? 0) + 1;
            var now = time.GetUtcNow();
            var row = new SavedUplift { Id = Guid.CreateVersion7(now), WorkspaceId = workspace, ExperimentId = experiment, Arm = arm, Number = number, FileHash = hash, DataHash = dataHash, CardJson = JsonSerializer.Serialize(card, Json), CreatedAt = now };
            database.SavedUplifts.Add(row);
            await database.SaveChangesAsync(token).ConfigureAwait(false);
            return row;
        }, cancellationToken).ConfigureAwait(false);
        return new ShelvedUplift(model, card, saved.Value.Number, saved.Value.CreatedAt);
    }

    /// <summary>Of everything that a model learns from.</summary>
    public static string HashOf(UpliftTable table)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(BitConverter.GetBytes(table.Propensity));
        for (var column = 0; column < table.X.Columns.Length; column++) hash.AppendData(MemoryMarshal.AsBytes(table.X.Column(column)));
        hash.AppendData(MemoryMarshal.AsBytes<bool>(table.Treated));
        hash.AppendData(MemoryMarshal.AsBytes<float>(table.Y));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static IQueryable<SavedUplift> Of(StudioDb database, WorkspaceId workspace, Guid experiment, int arm) =>
        database.SavedUplifts.AsNoTracking().Where(row => row.WorkspaceId == workspace && row.ExperimentId == experiment && row.Arm == arm);
}
