using System.Collections.Immutable;
using MerchantStudio.Core.Ingestion.Formats.Archives;
using MerchantStudio.Core.Ingestion.Text;

namespace MerchantStudio.Core.Ingestion.Formats.Workbooks;

/// <summary>Writes one sheet of an .xlsx workbook as text: numbers as they are written, dates as ISO 8601, merged cells filled downwards.</summary>
internal static class SheetTable
{
    private const int RowsBetweenLooks = 2_000;
    private const int MostActive = 1_000;

    /// <summary>A row may be as wide as the widest of these; beyond it one cell is enough to have it set aside.</summary>
    private const int RowsForWidth = 1_000;

    /// <param name="sheet">Name of the sheet; null for the largest that is not hidden.</param>
    public static ReadableFile Convert(string path, string target, string? sheet, ConversionLimits limits, CancellationToken cancellationToken)
    {
        using var file = ArchiveFile.Open(path);
        var workbook = Workbook.Open(file, limits);
        var shown = workbook.Sheets.Any(one => !one.Hidden) ? workbook.Sheets.RemoveAll(one => one.Hidden) : workbook.Sheets;
        var names = shown.Select(one => one.Name).ToImmutableArray();
        var chosen = sheet is null ? shown.MaxBy(one => one.Entry.Length)! : workbook.Sheets.FirstOrDefault(one => one.Name == sheet) ?? throw new FileRefusedException(FormatProblems.PartMissing(sheet, names));
        List<MergedCells> merged;
        using (var raw = file.Read(chosen.Entry, limits)) merged = MergedCellList.Read(raw, cancellationToken);
        using var writer = new TableWriter(target, limits);
        using (var xml = SheetXml.Open(file, chosen.Entry, limits))
        {
            var rows = new SheetRows(xml, workbook.Texts(cancellationToken), workbook.Formats(), workbook.CountsFrom1904);
            Write(rows, merged, writer, cancellationToken);
        }

        if (writer.Records == 0) throw new FileRefusedException(TextProblems.Empty());
        return new ReadableFile(target, FileFormat.Xlsx, Numbered: true)
        {
            Records = writer.Records,
            Parts = names.Length > 1 ? names : [],
            Part = names.Length > 1 ? chosen.Name : null,
        };
    }

    private static void Write(SheetRows rows, List<MergedCells> merged, TableWriter writer, CancellationToken cancellationToken)
    {
        var beginning = new List<(int Number, string[] Cells)>();
        while (beginning.Count < SheetHeader.RowsLookedAt && rows.Read()) beginning.Add((rows.Number, [.. rows.Cells]));
        var down = new FilledDown(merged.Where(cells => cells.LastRow > cells.FirstRow));
        var width = 0;
        foreach (var (number, cells) in SheetHeader.Begin(beginning, merged))
        {
            width = Math.Max(width, cells.Length);
            Write(writer, number, down.Fill(number, cells), width);
        }

        while (rows.Read())
        {
            if (writer.Records % RowsBetweenLooks == 0) cancellationToken.ThrowIfCancellationRequested();
            if (writer.Records < RowsForWidth) width = Math.Max(width, rows.Cells.Count);
            Write(writer, rows.Number, down.Fill(rows.Number, rows.Cells), width);
        }
    }

    private static void Write(TableWriter writer, int number, IReadOnlyList<string> cells, int width)
    {
        writer.Begin(number);
        for (var column = 0; column < cells.Count; column++)
        {
            if (column >= width && cells[column].Length == 0) continue;
            writer.Add(cells[column]);
            if (column >= width) break;
        }

        writer.End();
    }

    /// <summary>Gives the value of cells merged downwards to each of their rows, as an order number that is drawn once for all of its lines.</summary>
    private sealed class FilledDown(IEnumerable<MergedCells> merged)
    {
        private readonly Queue<MergedCells> _coming = new(merged.OrderBy(cells => cells.FirstRow));
        private readonly List<(MergedCells Cells, string Text)> _active = [];

        public IReadOnlyList<string> Fill(int row, IReadOnlyList<string> cells)
        {
            _active.RemoveAll(one => one.Cells.LastRow < row);
            while (_coming.TryPeek(out var next) && next.FirstRow <= row)
            {
                _coming.Dequeue();
                if (next.FirstRow == row && _active.Count < MostActive && next.FirstColumn < cells.Count && cells[next.FirstColumn].Length > 0) _active.Add((next, cells[next.FirstColumn]));
            }

            if (_active.Count == 0) return cells;
            var filled = cells.ToList();
            foreach (var (range, text) in _active)
            {
                while (filled.Count <= range.FirstColumn) filled.Add("");
                if (filled[range.FirstColumn].Length == 0) filled[range.FirstColumn] = text;
            }

            return filled;
        }
    }
}
