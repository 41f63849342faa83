using System.Collections.Immutable;
using MerchantStudio.Core.Ingestion.Text;

namespace MerchantStudio.Core.Ingestion.Formats.Json;

/// <summary>Rows whose columns come up as they are read: settled after the first thousand records, later ones are counted and left out.</summary>
internal sealed class FlatTable(TableWriter writer)
{
    private const int RecordsBeforeHeader = 1_000;
    private const int BytesBeforeHeader = CsvFormat.MaxRecordBytes;
    private const int LateNamesKept = 20;
    private readonly Dictionary<string, int> _columns = new(StringComparer.Ordinal);
    private readonly List<(long Position, byte[]? Broken, SortedDictionary<int, byte[]>? Values)> _waiting = [];
    private readonly SortedSet<string> _late = new(StringComparer.Ordinal);
    private (int From, int Length, long Record)[] _row = [];
    private bool _settled;
    private int _waitingBytes;

    public long LateRecords { get; private set; }

    public long FirstLate { get; private set; }

    public ImmutableArray<string> LateFields => [.. _late];

    public int Columns => _columns.Count;

    /// <summary>Columns that are there whether or not the first records have them.</summary>
    public void Declare(IEnumerable<string> names)
    {
        if (_settled) return;
        foreach (var name in names) _columns.TryAdd(name, _columns.Count);
    }

    /// <param name="raw">The record's JSON, kept when it cannot be read: a name that stands twice says two things.</param>
    public void Add(long position, FlatRecord record, ReadOnlySpan<byte> raw)
    {
        if (!_settled) Wait(position, record, raw);
        else if (TryPlace(position, record))
        {
            writer.Begin(position);
            foreach (var (from, length, of) in _row) writer.Add(of == position ? record.Text(from, length) : default);
            writer.End();
        }
        else
        {
            writer.Broken(position, raw);
        }
    }

    public void Broken(long position, ReadOnlySpan<byte> raw)
    {
        if (_settled) writer.Broken(position, raw);
        else _waiting.Add((position, raw[..Math.Min(raw.Length, 1_000)].ToArray(), null));
        if (_waiting.Count >= RecordsBeforeHeader && !_settled) Settle();
    }

    /// <summary>Writes what still waits for the header.</summary>
    public void Complete()
    {
        if (!_settled) Settle();
    }

    /// <summary>Notes where each column's text stands; false when one is there twice.</summary>
    private bool TryPlace(long position, FlatRecord record)
    {
        var isLate = false;
        foreach (var (name, from, length) in record.Values)
        {
            if (_columns.TryGetValue(name, out var column))
            {
                if (_row[column].Record == position) return false;
                _row[column] = (from, length, position);
                continue;
            }

            isLate = true;
            if (_late.Count < LateNamesKept) _late.Add(name);
        }

        if (isLate && LateRecords++ == 0) FirstLate = position;
        return true;
    }

    private void Wait(long position, FlatRecord record, ReadOnlySpan<byte> raw)
    {
        var values = new SortedDictionary<int, byte[]>();
        foreach (var (name, from, length) in record.Values)
        {
            if (!_columns.TryGetValue(name, out var column)) _columns[name] = column = _columns.Count;
            if (!values.TryAdd(column, record.Text(from, length).ToArray()))
            {
                Broken(position, raw);
                return;
            }

            _waitingBytes += length + 32;
        }

        if (_columns.Count > ConversionLimits.MaxColumns) throw new FileRefusedException(TextProblems.TooManyColumns(ConversionLimits.MaxColumns));
        _waiting.Add((position, null, values));
        if (_waiting.Count >= RecordsBeforeHeader || _waitingBytes >= BytesBeforeHeader) Settle();
    }

    private void Settle()
    {
        _settled = true;
        writer.Header(_columns.OrderBy(column => column.Value).Select(column => column.Key));
        _row = new (int, int, long)[_columns.Count];
        Array.Fill(_row, (0, 0, -1));
        var row = new byte[_columns.Count][];
        foreach (var (position, broken, values) in _waiting)
        {
            if (values is null)
            {
                writer.Broken(position, broken!);
                continue;
            }

            Array.Fill(row, []);
            foreach (var (column, text) in values) row[column] = text;
            writer.Begin(position);
            foreach (var text in row) writer.Add(text.AsSpan());
            writer.End();
        }

        _waiting.Clear();
    }
}
