using System.Buffers.Text;
using System.Collections.Immutable;
using MerchantStudio.Core.Ingestion.Recognition;
using MerchantStudio.Core.Ingestion.Running;
using MerchantStudio.Core.Ingestion.Text;
using MerchantStudio.Core.Ingestion.Values;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Ingestion.Rows;

/// <param name="Place">Position in the file.</param>
internal sealed record FeatureColumn(int Place, string Name, bool IsNumber, bool IsLabel);

/// <param name="Number">Of the feature table that takes the rows.</param>
internal sealed record FeatureTableForm(int Number, ImmutableArray<FeatureColumn> Columns);

/// <summary>A feature table's rows. A feature may be missing; a row without its label teaches nothing and is set aside.</summary>
internal sealed class FeatureRows : IRowWriter
{
    private readonly RejectLog _rejects;
    private readonly int _importNumber;
    private readonly ColumnMap _columns;
    private readonly FeatureTableForm _form;
    private readonly NumberParser _numbers;
    private readonly WarehouseAppender _rows;
    private readonly double?[] _values;

    public FeatureRows(RowTarget target, ColumnMap columns, ImportMapping mapping, FeatureTableForm form)
    {
        _rejects = target.Rejects;
        _importNumber = target.ImportNumber;
        _columns = columns;
        _form = form;
        _numbers = new NumberParser(mapping.DecimalComma);
        _values = new double?[form.Columns.Length];
        _rows = target.Append(FeatureTables.NameOf(form.Number), ["import_id", "source_line", .. form.Columns.Select(column => column.Name)]);
    }

    public long Accepted { get; private set; }
    public DateTimeOffset? FirstAt => null;
    public DateTimeOffset? LastAt => null;
    public ImmutableArray<ImportNote> Notes => [];
    public ImmutableArray<EventCount> Events => [];

    public void Write(DelimitedFile file)
    {
        if (_columns.Cell(file, ColumnRole.Label).IsEmpty)
        {
            _rejects.Add(file.Line, RejectCode.MissingValue, _columns.Name(ColumnRole.Label), default);
            return;
        }

        for (var column = 0; column < _form.Columns.Length; column++)
        {
            var feature = _form.Columns[column];
            if (!feature.IsNumber || TryNumber(Cell(file, feature), out _values[column])) continue;
            _rejects.Add(file.Line, RejectCode.NotANumber, feature.Name, Cell(file, feature));
            return;
        }

        Append(file);
    }

    public void Complete() => _rows.Complete();

    public void Dispose() => _rows.Dispose();

    private void Append(DelimitedFile file)
    {
        _rows.Int(0, _importNumber);
        _rows.Long(1, file.Line);
        for (var column = 0; column < _form.Columns.Length; column++)
        {
            if (_form.Columns[column].IsNumber)
            {
                if (_values[column] is { } value) _rows.Double(column + 2, value);
            }
            else if (Cell(file, _form.Columns[column]) is { IsEmpty: false } text)
            {
                _rows.Utf8(column + 2, text);
            }
        }

        _rows.EndRow();
        Accepted++;
    }

    private static ReadOnlySpan<byte> Cell(DelimitedFile file, FeatureColumn column)
    {
        var cell = CellText.Bare(file.Utf8(column.Place));
        return CellText.IsMissing(cell) ? default : cell;
    }

    /// <summary>Plain numbers keep all their digits; amounts written with marks are read to four places.</summary>
    private bool TryNumber(ReadOnlySpan<byte> cell, out double? value)
    {
        value = null;
        if (cell.IsEmpty) return true;
        if (Utf8Parser.TryParse(cell, out double plain, out var used) && used == cell.Length && double.IsFinite(plain))
        {
            value = plain;
            return true;
        }

        if (!_numbers.TryAmount(cell, out var scaled)) return false;
        value = scaled / 10_000.0;
        return true;
    }
}
