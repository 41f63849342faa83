using System.Text.Json;
using System.Text.Json.Nodes;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.Features.Cleaning;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Pipeline.Upkeep;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Pipeline;

/// <summary>Tells whether the published figures were made with what the shop has set now. Upkeep goes on with the settings of the last run, so only a run can catch up with them.</summary>
public sealed class PublishedSettings(WarehouseRegistry warehouses, WorkspaceDirectory workspaces)
{
    /// <returns>True when base currency, time zone, exchange rates' reach, paid states, cleaning, cut points, stars or preparation have changed since the last published run; false before the first.</returns>
    public async Task<Outcome<bool>> HaveChangedAsync(WorkspaceScope scope, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.Refusal(Right.ReadFigures) is { } refusal) return refusal;
        if (await workspaces.FindAsync(scope.Workspace, cancellationToken).ConfigureAwait(false) is not { } shop) return new AccessRefused(Right.ReadFigures);
        var warehouse = await warehouses.OpenAsync(scope.Workspace, cancellationToken).ConfigureAwait(false);
        if (await RunMemory.ReadAsync(warehouse, cancellationToken).ConfigureAwait(false) is not { } memory) return false;
        return memory.TimeZone != shop.TimeZone || Differ(memory.Cleaning, CleaningSettings.Of(shop)) || (memory.Choices is { } choices && Differ(choices, RunChoices.Of(shop)));
    }

    /// <summary>Compared as it is written, because a run's settings were read from there.</summary>
    private static bool Differ<T>(T then, T now) => !JsonNode.DeepEquals(JsonSerializer.SerializeToNode(then, PipelineJson.Options), JsonSerializer.SerializeToNode(now, PipelineJson.Options));
}
