using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Learning;
using MerchantStudio.Core.Outcomes;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Pipeline;

/// <summary>How a shop wants missing numbers and scales handled before training; kept under "preparation" in the workspace's settings.</summary>
public sealed class PreparationSettings(IDbContextFactory<StudioDb> contexts, AuditTrail audit)
{
    private const string Key = "preparation";
    private const double Largest = 1e9;

    /// <summary>The default where nothing is set or it cannot be read.</summary>
    public static Preparation Of(string? settingsJson)
    {
        if (settingsJson is null || JsonNode.Parse(settingsJson)?[Key] is not { } kept) return Preparation.Default;
        return kept.Deserialize<Preparation>(PipelineJson.Options) ?? Preparation.Default;
    }

    /// <summary>Holds from the next run on.</summary>
    public async Task<Outcome<Done>> SaveAsync(WorkspaceScope scope, Preparation preparation, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(preparation);
        if (scope.Refusal(Right.ManageModels) is { } refusal) return refusal;
        if (!(Math.Abs(preparation.Constant) <= Largest)) return new PreparationConstantInvalid();
        var db = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = db.ConfigureAwait(false);
        var shop = await db.Workspaces.SingleAsync(row => row.Id == scope.Workspace, cancellationToken).ConfigureAwait(false);
        var before = Of(shop.SettingsJson);
        if (before == preparation) return new Done();
        var settings = shop.SettingsJson is null ? [] : JsonNode.Parse(shop.SettingsJson)?.AsObject() ?? [];
        settings[Key] = JsonSerializer.SerializeToNode(preparation, PipelineJson.Options);
        shop.SettingsJson = settings.ToJsonString();
        audit.Add(db, scope.Workspace, scope.Actor, new AuditFact("preparation.changed", shop.Name, Fact(before), Fact(preparation)));
        await db.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        return new Done();
    }

    private static string Fact(Preparation preparation) => string.Create(CultureInfo.InvariantCulture,
        $"missing: {preparation.Missing}{(preparation.Missing == MissingFill.Constant ? $" {preparation.Constant}" : "")}, scaling: {preparation.Scaling}");
}

public sealed record PreparationConstantInvalid()
    : Problem("preparation.constant-invalid", "The number that stands for a missing one lies between minus and plus a billion.");
