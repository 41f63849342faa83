using System.Collections.Immutable;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Ingestion.Recognition;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Ingestion.Running;

/// <summary>Which columns say that a row of the file and a row of the data are the same thing.</summary>
internal static class MergeKey
{
    private static readonly ImmutableArray<ColumnRole>[] Usual =
        [[ColumnRole.MessageId, ColumnRole.LineNo], [ColumnRole.MessageId], [ColumnRole.OrderId, ColumnRole.LineNo, ColumnRole.EventType], [ColumnRole.ReviewId]];

    public const string LineNumber = "line_no";

    /// <summary>An event without items is its own first line.</summary>
    /// <param name="of">The table's name with a point, or nothing.</param>
    public static string LineOf(string of) => $"coalesce({of}{LineNumber}, 1)";

    /// <summary>The chosen roles, or else those that the kind's rows are known by.</summary>
    /// <returns>Warehouse columns; a problem when a chosen role is not in the file, or nothing is chosen and the file has no id of its own.</returns>
    public static Outcome<ImmutableArray<string>> Of(ImportMapping mapping, ImportChoices choices)
    {
        if (mapping.Kind == DatasetKind.Features) return ImportProblems.NoKey();
        var table = KindTable.Of(mapping.Kind);
        var there = RolesIn(mapping);
        if (!choices.Keys.IsDefaultOrEmpty)
        {
            var absent = choices.Keys.Where(role => !there.Contains(role)).ToArray();
            return absent.Length > 0 ? ImportProblems.KeyNotMapped(string.Join(", ", absent.Select(Roles.Key))) : Columns(choices.Keys);
        }

        if (!table.Key.IsEmpty) return table.Key;
        var own = Own(mapping);
        return own.IsEmpty ? ImportProblems.NoKey() : Columns(own);

        ImmutableArray<string> Columns(ImmutableArray<ColumnRole> roles) => [.. roles.Select(role => table.ColumnsOf(role)[^1])];
    }

    /// <summary>The roles that the rows of such a file are known by; empty when none of them is there.</summary>
    public static ImmutableArray<ColumnRole> Own(ImportMapping mapping)
    {
        if (mapping.Kind == DatasetKind.Features) return [];
        var there = RolesIn(mapping);
        var table = KindTable.Of(mapping.Kind);
        if (!table.Key.IsEmpty) return [.. Roles.For(mapping.Kind).Where(role => there.Contains(role) && table.Key.Contains(table.ColumnsOf(role)[^1]))];
        return Usual.FirstOrDefault(roles => roles.All(there.Contains)) is { IsDefault: false } usual ? usual : [];
    }

    private static HashSet<ColumnRole> RolesIn(ImportMapping mapping)
    {
        var there = mapping.MappedRoles.ToHashSet();
        if (mapping.EveryRowIs is not null) there.Add(ColumnRole.EventType);
        return there;
    }
}
