using System.Collections.Immutable;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Ingestion.Text;
using MerchantStudio.Core.Ingestion.Values;

namespace MerchantStudio.Core.Ingestion.Recognition;

/// <summary>A form of file that is known by its header, or by its shape where it has none.</summary>
/// <param name="Key">Stable name: "taobao-userbehavior".</param>
/// <param name="Names">Header names (several for one role are separated by '|') and their roles.</param>
/// <param name="Needed">Roles without which it is not this form.</param>
internal sealed record Preset(string Key, DatasetKind Kind, ImmutableArray<(string Names, ColumnRole Role)> Names, ImmutableArray<ColumnRole> Needed)
{
    public string? EveryRowIs { get; init; }
    public string? RefundPrefix { get; init; }
    public DateOrder? DateOrder { get; init; }

    /// <summary>Roles by position of a file without a header, when its rows have this form.</summary>
    public Func<IReadOnlyList<ImmutableArray<string>>, ImmutableArray<ColumnRole>>? WithoutHeader { get; init; }

    /// <summary>Whether at least half of the columns must be its own.</summary>
    public bool Strict { get; init; } = true;

    /// <returns>A role for each column, or an empty array when the file is not of this form.</returns>
    public ImmutableArray<ColumnRole> Match(FileShape shape, IReadOnlyList<ImmutableArray<string>> rows)
    {
        if (!shape.HasHeader) return WithoutHeader is null ? [] : WithoutHeader(rows);
        var roles = shape.Columns.Select(RoleOf).ToImmutableArray();
        if (!Needed.All(roles.Contains)) return [];
        if (Strict && roles.Count(role => role == ColumnRole.Ignore) > roles.Length / 2) return [];
        var seen = new HashSet<ColumnRole>();
        return [.. roles.Select(role => role == ColumnRole.Ignore || seen.Add(role) ? role : ColumnRole.Ignore)];
    }

    private ColumnRole RoleOf(string column)
    {
        var name = Roles.Normalise(column);
        foreach (var (names, role) in Names)
        {
            if (names.Split('|').Any(known => Roles.Normalise(known) == name)) return role;
        }

        return ColumnRole.Ignore;
    }
}
