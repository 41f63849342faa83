using System.Text;
using MerchantStudio.Core.Ingestion.Recognition;
using MerchantStudio.Core.Ingestion.Text;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Ingestion.Rows;

/// <summary>Product names that stand on transaction lines: the first one of each item fills the catalogue where it has no entry.</summary>
internal sealed class ProductNames
{
    private const int MostProducts = 1_000_000;
    private const int LongestId = 256;
    private readonly Dictionary<string, (string Name, string? Category, long Line)> _names = [];
    private readonly Dictionary<string, (string Name, string? Category, long Line)>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private readonly bool _hasCategory;

    public ProductNames(ColumnMap columns)
    {
        _lookup = _names.GetAlternateLookup<ReadOnlySpan<char>>();
        _hasCategory = columns.Has(ColumnRole.Category);
    }

    public int Count => _names.Count;

    public void See(DelimitedFile file, ColumnMap columns)
    {
        var item = columns.Cell(file, ColumnRole.ItemId);
        if (item.IsEmpty || item.Length > LongestId) return;
        Span<char> letters = stackalloc char[LongestId];
        var id = letters[..Encoding.UTF8.GetChars(item, letters)];
        if (_lookup.ContainsKey(id)) return;
        var name = columns.Cell(file, ColumnRole.ItemName);
        if (name.IsEmpty || _names.Count >= MostProducts) return;
        var category = _hasCategory ? Encoding.UTF8.GetString(columns.Cell(file, ColumnRole.Category)) : null;
        _lookup[id] = (Encoding.UTF8.GetString(name), category, file.Line);
    }

    /// <summary>Adds items that the catalogue does not have; they belong to this import and go with it.</summary>
    public async Task WriteAsync(WarehouseSession session, int importNumber, CancellationToken cancellationToken)
    {
        await session.ExecuteAsync("create table named_products (item_id varchar, name varchar, category varchar, source_line bigint)", [], cancellationToken).ConfigureAwait(false);
        using (var rows = session.Append("named_products", "item_id", "name", "category", "source_line"))
        {
            foreach (var (id, (name, category, line)) in _names)
            {
                rows.Text(0, id);
                rows.Text(1, name);
                rows.Text(2, string.IsNullOrEmpty(category) ? null : category);
                rows.Long(3, line);
                rows.EndRow();
            }

            rows.Complete();
        }

        await session.ExecuteAsync("""
            insert into products (item_id, name, category, import_id, source_line)
            select n.item_id, n.name, n.category, $1, n.source_line from named_products n
            where not exists (select 1 from products p where p.item_id = n.item_id)
            """, [importNumber], cancellationToken).ConfigureAwait(false);
        await session.ExecuteAsync("drop table named_products", [], cancellationToken).ConfigureAwait(false);
    }
}
