using System.Collections.Immutable;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Ingestion.Recognition;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Ingestion.Running;

/// <summary>Which columns say that a row of the file and a row of the data are the same thing.</summary>
internal static class MergeKey
{
    private static readonly ImmutableArray<ColumnRole>[] Usual =
        [[ColumnRole.MessageId], [ColumnRole.OrderId, ColumnRole.LineNo, ColumnRole.EventType], [ColumnRole.ReviewId]];

    /// <summary>The chosen roles, or else those that the kind's rows are known by.</summary>
    /// <returns>Warehouse columns; a problem when a chosen role is not in the file, or nothing is chosen and the file has no id of its own.</returns>
    public static Outcome<ImmutableArray<string>> Of(ImportMapping mapping, ImportChoices choices)
    {
        if (mapping.Kind == DatasetKind.Features) return ImportProblems.NoKey();
        var table = KindTable.Of(mapping.Kind);
        var there = mapping.MappedRoles.ToHashSet();
        if (mapping.EveryRowIs is not null) there.Add(ColumnRole.EventType);
        if (!choices.Keys.IsDefaultOrEmpty)
        {
            var absent = choices.Keys.Where(role => !there.Contains(role)).ToArray();
            return absent.Length > 0 ? ImportProblems.KeyNotMapped(string.Join(", ", absent.Select(Roles.Key))) : Columns(choices.Keys);
        }

        if (!table.Key.IsEmpty) return table.Key;
        var usual = Usual.FirstOrDefault(roles => roles.All(there.Contains));
        return usual.IsDefault ? ImportProblems.NoKey() : Columns(usual);

        ImmutableArray<string> Columns(ImmutableArray<ColumnRole> roles) => [.. roles.Select(role => table.ColumnsOf(role)[^1])];
    }
}
