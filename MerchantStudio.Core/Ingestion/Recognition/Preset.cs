using System.Collections.Immutable;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Ingestion.Text;
using MerchantStudio.Core.Ingestion.Values;

namespace MerchantStudio.Core.Ingestion.Recognition;

/// <summary>A column that a form has.</summary>
/// <param name="Names">Its headers, separated by '|'.</param>
/// <param name="IsMark">Whether it tells this form from others.</param>
internal sealed record PresetColumn(ColumnRole Role, string Names, bool IsMark)
{
    private readonly ImmutableHashSet<string> _known = [.. Names.Split('|').Select(Roles.Normalise)];

    public bool IsCalled(string normalised) => _known.Contains(normalised);
}

/// <summary>A form of file that is known by its header, or by its shape where it has none. It is data: a new platform is a new row.</summary>
/// <param name="Key">Stable name: "taobao-userbehavior".</param>
/// <param name="Columns">Of several columns for one role the first that the file has takes it.</param>
/// <param name="Needed">Roles without which it is not this form.</param>
internal sealed record Preset(string Key, DatasetKind Kind, ImmutableArray<PresetColumn> Columns, ImmutableArray<ColumnRole> Needed)
{
    /// <summary>Marks that the file must have at least.</summary>
    public int LeastMarks { get; init; } = 2;

    public string? EveryRowIs { get; init; }
    public string? RefundPrefix { get; init; }
    public DateOrder? DateOrder { get; init; }
    public bool FillDown { get; init; }
    public bool ShopperByContact { get; init; }
    public bool LinesOfKnownOrders { get; init; }

    /// <summary>Whether the roles that it needs must stand under its own names.</summary>
    public bool Exact { get; init; }

    /// <summary>Whether a file with any other column is not of this form.</summary>
    public bool Closed { get; init; }

    /// <summary>Whether only a header in capitals is this form.</summary>
    public bool InCapitals { get; init; }

    /// <summary>Roles that together tell a row from any other, for forms whose rows have no id of their own.</summary>
    public ImmutableArray<ColumnRole> Identity { get; init; } = [];

    /// <summary>Columns that do so as well and have no role.</summary>
    public ImmutableArray<string> IdentityNames { get; init; } = [];

    /// <summary>How rows without a header look; empty when the form always has one.</summary>
    public ImmutableArray<ShapeColumn> Shape { get; init; } = [];

    /// <summary>Whether at least half of the columns must be its own.</summary>
    public bool Strict { get; init; } = true;

    /// <returns>How well the file fits, or null when it is not of this form.</returns>
    public PresetMatch? Match(FileShape shape, IReadOnlyList<ImmutableArray<string>> rows, IReadOnlyList<ValueEvidence> evidence)
    {
        if (!shape.HasHeader) return ShapeColumn.Fit(Shape, rows) ? new PresetMatch(this, [.. Shape.Select(column => column.Role)], Shape.Length) : null;
        if (InCapitals && shape.Columns.Any(name => name.Any(char.IsLower))) return null;
        var roles = Enumerable.Repeat(ColumnRole.Ignore, shape.Columns.Length).ToArray();
        var names = shape.Columns.Select(Roles.Normalise).ToArray();
        var known = new bool[names.Length];
        var taken = new HashSet<ColumnRole>();
        var marks = 0;
        foreach (var column in Columns)
        {
            var place = Array.FindIndex(names, column.IsCalled);
            if (place < 0 || known[place]) continue;
            known[place] = true;
            if (column.IsMark) marks++;
            if (column.Role != ColumnRole.Ignore && taken.Add(column.Role)) roles[place] = column.Role;
        }

        if (marks < LeastMarks || (Exact && !Needed.All(taken.Contains))) return null;
        TakeRenamed(shape, roles, known, taken, evidence);
        if (!Needed.All(taken.Contains)) return null;
        var own = known.Count(column => column);
        return (Strict && own * 2 < names.Length) || (Closed && own < names.Length) ? null : new PresetMatch(this, [.. roles], marks + (own / (double)names.Length));
    }

    /// <summary>A column that somebody renamed still has a name or values that tell what it is.</summary>
    private void TakeRenamed(FileShape shape, ColumnRole[] roles, bool[] known, HashSet<ColumnRole> taken, IReadOnlyList<ValueEvidence> evidence)
    {
        foreach (var role in Columns.Select(column => column.Role).Where(role => role != ColumnRole.Ignore).Distinct())
        {
            if (taken.Contains(role)) continue;
            var best = Enumerable.Range(0, roles.Length).Where(place => !known[place])
                .Select(place => (Place: place, Likely: Likely(role, shape.Columns[place], evidence[place])))
                .OrderByDescending(candidate => candidate.Likely).FirstOrDefault();
            if (best.Likely < Recognizer.Sure) continue;
            (roles[best.Place], known[best.Place]) = (role, true);
            taken.Add(role);
        }
    }

    private static double Likely(ColumnRole role, string name, ValueEvidence evidence) =>
        Roles.NameConfidence(role, name) is > 0 and var byName ? byName * evidence.Fits(role) : evidence.PointsTo(role);
}

/// <param name="Roles">One for each column.</param>
/// <param name="Strength">The greater the surer; comparable between presets.</param>
internal sealed record PresetMatch(Preset Preset, ImmutableArray<ColumnRole> Roles, double Strength);
