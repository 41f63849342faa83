using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Ingestion.Recognition;
using MerchantStudio.Core.Ingestion.Text;
using MerchantStudio.Core.Ingestion.Values;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Ingestion.Rows;

/// <summary>Where each role stands in the file at hand.</summary>
internal sealed class ColumnMap
{
    private static readonly int RoleCount = Enum.GetValues<ColumnRole>().Length;
    private static readonly ColumnRole[] Ids =
        [ColumnRole.UserId, ColumnRole.AnonymousId, ColumnRole.SessionId, ColumnRole.ItemId, ColumnRole.ItemGroup, ColumnRole.OrderId, ColumnRole.MessageId, ColumnRole.ReviewId];

    private readonly int[] _columns = new int[RoleCount];
    private readonly DerivedCell?[] _derived = new DerivedCell?[RoleCount];
    private readonly IdText?[] _ids = new IdText?[RoleCount];
    private readonly string[] _names;
    private readonly FilledCells? _filled;
    private readonly ColumnRole _group;

    private ColumnMap(string[] names, ImportMapping mapping)
    {
        _names = names;
        _filled = mapping.FillDown ? new FilledCells() : null;
        _group = mapping.Kind == DatasetKind.Products ? ColumnRole.ItemGroup : ColumnRole.OrderId;
        Array.Fill(_columns, -1);
        foreach (var role in Ids) _ids[(int)role] = new IdText();
    }

    /// <summary>Every feature's place in the file; other roles have one place at most.</summary>
    public List<int> Features { get; } = [];

    /// <summary>Finds a mapping's columns by name, or by position where the file has no header.</summary>
    public static Outcome<ColumnMap> Create(ImportMapping mapping, FileShape shape)
    {
        var map = new ColumnMap([.. shape.Columns], mapping);
        for (var position = 0; position < mapping.Columns.Length; position++)
        {
            var column = mapping.Columns[position];
            if (column.Role == ColumnRole.Ignore) continue;
            var found = shape.HasHeader ? Find(shape, column.Name, position) : position;
            if (found < 0 || found >= shape.Columns.Length) return ImportProblems.ColumnMissing(column.Name);
            map._columns[(int)column.Role] = found;
            if (column.Role == ColumnRole.Feature) map.Features.Add(found);
        }

        foreach (var derived in mapping.Derived)
        {
            int[] places = [.. derived.From.Select(shape.Columns.IndexOf)];
            if (Array.IndexOf(places, -1) is >= 0 and var absent) return ImportProblems.ColumnMissing(derived.From[absent]);
            map._derived[(int)derived.Role] = new DerivedCell(derived, places);
            if (places.Length > 0) map._columns[(int)derived.Role] = places[0];
        }

        return map;
    }

    public bool Has(ColumnRole role) => _columns[(int)role] >= 0 || _derived[(int)role] is not null;

    /// <summary>The column to name where a value is wrong; of a derived one the first that it is made of.</summary>
    public string Name(ColumnRole role) => _columns[(int)role] is >= 0 and var column ? _names[column] : Roles.Key(role);

    /// <summary>Where a column of this name stands, whatever it is mapped to, also inside of another ("properties.utm_source"); -1 where there is none.</summary>
    public int PlaceOf(string name) => Array.FindIndex(_names, column => column.Equals(name, StringComparison.OrdinalIgnoreCase) || column.EndsWith("." + name, StringComparison.OrdinalIgnoreCase));

    public int Place(ColumnRole role) => _columns[(int)role];

    /// <summary>To be called before a row's cells are asked for.</summary>
    public void BeginRow(DelimitedFile file) => _filled?.Begin(Written(file, _group));

    /// <summary>The cell without the file's wrappers; empty when there is no such column or nothing is known.</summary>
    public ReadOnlySpan<byte> Cell(DelimitedFile file, ColumnRole role)
    {
        if (_filled is null) return Written(file, role);
        var cell = Written(file, role);
        return role == _group && cell.IsEmpty ? _filled.Key : _filled.Of(role, cell);
    }

    private ReadOnlySpan<byte> Written(DelimitedFile file, ColumnRole role)
    {
        if (_derived[(int)role] is { } derived) return Id(role, CellText.Bare(derived.Of(file)));
        var column = _columns[(int)role];
        if (column < 0) return default;
        var cell = CellText.Bare(file.Utf8(column));
        return CellText.IsMissing(cell) ? default : Id(role, cell);
    }

    private ReadOnlySpan<byte> Id(ColumnRole role, ReadOnlySpan<byte> cell) => _ids[(int)role] is { } id ? id.Normal(cell) : cell;

    /// <summary>A name that occurs twice stands where the mapping has it.</summary>
    private static int Find(FileShape shape, string name, int position) =>
        position < shape.Columns.Length && shape.Columns[position] == name ? position : shape.Columns.IndexOf(name);
}
