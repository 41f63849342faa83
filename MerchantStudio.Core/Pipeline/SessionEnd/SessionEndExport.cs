using System.Collections.Immutable;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Learning.Onnx;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Pipeline.SessionEnd;

/// <summary>A model of how visits end as an ONNX file for other programs, compared with the studio on beginnings of the shop's own visits.</summary>
internal sealed class SessionEndExport(SessionEndModel model)
{
    private const int MostCompared = 10_000;

    public async Task<WrittenModel> WriteAsync(WorkspaceWarehouse warehouse, Workspace shop, ModelVersion version, bool eightBit, CancellationToken cancellationToken)
    {
        var content = model.ToOnnx(eightBit);
        var written = eightBit ? model.Rounded()! : model;
        var visits = await ReadAsync(warehouse, shop, version.Seed, cancellationToken).ConfigureAwait(false);
        var check = SequenceCheck.OfChances(content, [.. visits.TakeLast(MostCompared).Select(visit => visit.Steps)], written.Chances, cancellationToken);
        return new WrittenModel(content, check, eightBit ? Cost(written, visits, PipelineJson.Read<SessionEndFacts>(version.ParametersJson).Test) : null);
    }

    /// <summary>Beginnings of the shop's visits by the model's ids, drawn as its training drew them, the earliest first; those of which it knows nothing are left out.</summary>
    private async Task<ImmutableArray<SessionPrefix>> ReadAsync(WorkspaceWarehouse warehouse, Workspace shop, int seed, CancellationToken cancellationToken)
    {
        if (!await warehouse.HasTableAsync("sessions", cancellationToken).ConfigureAwait(false)) return [];
        var steps = await SessionSteps.ReadAsync(warehouse, TimeSpan.FromMinutes(shop.SessionGapMinutes), cancellationToken).ConfigureAwait(false);
        return [.. SessionPrefixes.Draw(steps, seed).Sides.All.SelectMany(side => side)
            .Select(one => one with { Steps = model.Ids(one.Steps.Select(step => steps.Kinds[step - 1])) }).Where(one => model.Reads(one.Steps))];
    }

    /// <returns>Null where none of the visits that judged it is there any more.</returns>
    private ChanceRounding? Cost(SessionEndModel rounded, ImmutableArray<SessionPrefix> visits, SessionWindow test)
    {
        var judged = visits.Where(visit => visit.Begin >= test.From && visit.Begin <= test.To).ToList();
        int[][] steps = [.. judged.Select(visit => visit.Steps)];
        return steps.Length == 0 ? null : ChanceRounding.Of(model.ToOnnx().Length, model.Chances(steps), rounded.Chances(steps), judged.Select(visit => visit.Y).ToArray());
    }
}
