using System.Collections.Immutable;

namespace MerchantStudio.Core.Native.DuckDb;

/// <summary>Rows of a running query, a chunk at a time.</summary>
internal sealed class DuckDbReader : IDisposable
{
    private readonly ResultHandle _result;
    private readonly ImmutableArray<ColumnType> _columns;

    public DuckDbReader(ResultHandle result)
    {
        _result = result;
        try
        {
            var columns = ImmutableArray.CreateBuilder<ColumnType>();
            for (ulong column = 0; column < DuckDbApi.ColumnCount(result); column++) columns.Add(ColumnType.Of(result, column));
            _columns = columns.ToImmutable();
        }
        catch (NotSupportedException)
        {
            result.Dispose();
            throw;
        }
    }

    /// <summary>The next rows, copied into managed arrays, one a column; null at the end.</summary>
    public (int Rows, ImmutableArray<ColumnValues> Columns)? Read()
    {
        using var chunk = DuckDbApi.FetchChunk(_result.Data);
        if (chunk.IsInvalid)
        {
            if (DuckDbApi.ResultError(_result) != 0) throw DuckDbConnection.ErrorOf(_result, "fetch_chunk");
            return null;
        }

        var rows = (int)DuckDbApi.DataChunkGetSize(chunk);
        if (rows == 0) return null;
        var columns = ImmutableArray.CreateBuilder<ColumnValues>(_columns.Length);
        for (var column = 0; column < _columns.Length; column++) columns.Add(VectorCopy.Copy(chunk, column, rows, _columns[column]));
        return (rows, columns.MoveToImmutable());
    }

    public void Dispose() => _result.Dispose();
}

/// <param name="Type">What the values are.</param>
/// <param name="Stored">How a decimal or an enumeration is stored; else the same as <paramref name="Type"/>.</param>
/// <param name="Scale">Decimal places of a decimal.</param>
/// <param name="Words">An enumeration's words by code.</param>
internal sealed record ColumnType(string Name, DuckDbType Type, DuckDbType Stored, int Scale, ImmutableArray<string> Words)
{
    public static ColumnType Of(ResultHandle result, ulong column)
    {
        var name = DuckDbApi.Text(DuckDbApi.ColumnName(result, column)) ?? "";
        using var logical = DuckDbApi.ColumnLogicalType(result, column);
        var type = DuckDbApi.GetTypeId(logical);
        return type switch
        {
            DuckDbType.Decimal => new(name, type, DuckDbApi.DecimalInternalType(logical), DuckDbApi.DecimalScale(logical), []),
            DuckDbType.Enum => new(name, type, DuckDbApi.EnumInternalType(logical), 0, WordsOf(logical)),
            _ when Enum.IsDefined(type) => new(name, type, type, 0, []),
            _ => throw new NotSupportedException($"Column '{name}' has the type number {(int)type}, which is not read here: cast it in the query."),
        };
    }

    private static ImmutableArray<string> WordsOf(LogicalTypeHandle logical)
    {
        var words = ImmutableArray.CreateBuilder<string>();
        for (ulong index = 0; index < DuckDbApi.EnumDictionarySize(logical); index++)
            words.Add(DuckDbApi.TakeText(DuckDbApi.EnumDictionaryValue(logical, index)) ?? "");
        return words.ToImmutable();
    }
}
