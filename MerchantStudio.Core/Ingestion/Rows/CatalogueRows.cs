using System.Collections.Immutable;
using MerchantStudio.Core.Ingestion.Recognition;
using MerchantStudio.Core.Ingestion.Text;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Ingestion.Rows;

/// <summary>Rows that are converted first and then written whole. Products and customers are collected in a table beside the kept ones and merged afterwards.</summary>
internal abstract class CatalogueRows : IRowWriter
{
    private readonly RejectLog _rejects;
    private readonly int _importNumber;

    protected CatalogueRows(RowTarget target, ColumnMap columns, string table, string[] written)
    {
        _rejects = target.Rejects;
        _importNumber = target.ImportNumber;
        Target = target;
        Columns = columns;
        Rows = target.Append(table, ["import_id", "source_line", .. written]);
    }

    public long Accepted { get; private set; }
    public virtual DateTimeOffset? FirstAt => null;
    public virtual DateTimeOffset? LastAt => null;
    public ImmutableArray<ImportNote> Notes => [];
    public ImmutableArray<EventCount> Events => [];
    protected RowTarget Target { get; }
    protected ColumnMap Columns { get; }
    protected WarehouseAppender Rows { get; }

    public void Write(DelimitedFile file)
    {
        Columns.BeginRow(file);
        if (Convert(file) is var (code, role) && code != RejectCode.None)
        {
            _rejects.Add(file.Line, code, Columns.Name(role), Columns.Cell(file, role));
            return;
        }

        Rows.Int(0, _importNumber);
        Rows.Long(1, file.Line);
        Append(file);
        Rows.EndRow();
        Accepted++;
    }

    public void Complete() => Rows.Complete();

    public void Dispose() => Rows.Dispose();

    /// <summary>Reads what can be wrong, before anything is written.</summary>
    protected abstract (RejectCode Code, ColumnRole Role) Convert(DelimitedFile file);

    /// <summary>Fills the columns from the third on.</summary>
    protected abstract void Append(DelimitedFile file);

    protected void Text(int column, DelimitedFile file, ColumnRole role)
    {
        var cell = Columns.Cell(file, role);
        if (!cell.IsEmpty) Rows.Utf8(column, cell);
    }
}
