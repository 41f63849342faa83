using System.Text;

namespace MerchantStudio.Core.Native.DuckDb;

/// <summary>Copies a vector out of a chunk, so that nothing native outlives the chunk.</summary>
internal static unsafe class VectorCopy
{
    /// <summary>Strings up to this length lie inside their 16-byte slot: length (4 bytes), then the bytes.</summary>
    public const int InlineText = 12;

    public static ColumnValues Copy(ChunkHandle chunk, int column, int rows, ColumnType type)
    {
        var vector = DuckDbApi.DataChunkGetVector(chunk, (ulong)column);
        var data = DuckDbApi.VectorGetData(vector);
        var nulls = Nulls(DuckDbApi.VectorGetValidity(vector), rows);
        var values = new ColumnValues { Name = type.Name, Type = type.Type, Nulls = nulls };
        return type.Type switch
        {
            DuckDbType.Varchar => With(values, texts: Texts((byte*)data, rows, nulls)),
            DuckDbType.Enum => With(values, texts: Words(Whole(data, type.Stored, rows, nulls), type, nulls)),
            DuckDbType.Double => With(values, doubles: Doubles((double*)data, rows, nulls)),
            DuckDbType.Float => With(values, floats: Floats((float*)data, rows, nulls)),
            DuckDbType.Decimal => With(values, decimals: Decimals(data, type, rows, nulls)),
            DuckDbType.SqlNull => With(values, texts: new string?[rows]),
            _ => With(values, longs: Whole(data, type.Type, rows, nulls)),
        };
    }

    private static ColumnValues With(ColumnValues head, long[]? longs = null, double[]? doubles = null, float[]? floats = null, decimal[]? decimals = null, string?[]? texts = null) =>
        new() { Name = head.Name, Type = head.Type, Nulls = head.Nulls, Longs = longs, Doubles = doubles, Floats = floats, Decimals = decimals, Texts = texts };

    /// <summary>The validity mask has a bit set for every value that is not NULL; no mask means that none is.</summary>
    private static bool[]? Nulls(ulong* validity, int rows)
    {
        if (validity is null) return null;
        bool[]? nulls = null;
        for (var row = 0; row < rows; row++)
        {
            if ((validity[row >> 6] & (1UL << (row & 63))) == 0) (nulls ??= new bool[rows])[row] = true;
        }

        return nulls;
    }

    private static long[] Whole(void* data, DuckDbType stored, int rows, bool[]? nulls)
    {
        var values = new long[rows];
        for (var row = 0; row < rows; row++)
        {
            if (nulls is not null && nulls[row]) continue;
            values[row] = stored switch
            {
                DuckDbType.Boolean or DuckDbType.UTinyInt => ((byte*)data)[row],
                DuckDbType.TinyInt => ((sbyte*)data)[row],
                DuckDbType.SmallInt => ((short*)data)[row],
                DuckDbType.USmallInt => ((ushort*)data)[row],
                DuckDbType.Integer or DuckDbType.Date => ((int*)data)[row],
                DuckDbType.UInteger => ((uint*)data)[row],
                DuckDbType.BigInt or DuckDbType.Timestamp or DuckDbType.TimestampTz => ((long*)data)[row],
                DuckDbType.UBigInt => checked((long)((ulong*)data)[row]),
                DuckDbType.HugeInt => checked((long)((Int128*)data)[row]),
                DuckDbType.UHugeInt => checked((long)((UInt128*)data)[row]),
                _ => throw new NotSupportedException($"The type {stored} is not a whole number."),
            };
        }

        return values;
    }

    private static double[] Doubles(double* data, int rows, bool[]? nulls)
    {
        var values = new ReadOnlySpan<double>(data, rows).ToArray();
        for (var row = 0; nulls is not null && row < rows; row++)
        {
            if (nulls[row]) values[row] = double.NaN;
        }

        return values;
    }

    private static float[] Floats(float* data, int rows, bool[]? nulls)
    {
        var values = new ReadOnlySpan<float>(data, rows).ToArray();
        for (var row = 0; nulls is not null && row < rows; row++)
        {
            if (nulls[row]) values[row] = float.NaN;
        }

        return values;
    }

    private static decimal[] Decimals(void* data, ColumnType type, int rows, bool[]? nulls)
    {
        var values = new decimal[rows];
        for (var row = 0; row < rows; row++)
        {
            if (nulls is not null && nulls[row]) continue;
            Int128 scaled = type.Stored switch
            {
                DuckDbType.SmallInt => ((short*)data)[row],
                DuckDbType.Integer => ((int*)data)[row],
                DuckDbType.BigInt => ((long*)data)[row],
                _ => ((Int128*)data)[row],
            };
            var magnitude = (UInt128)Int128.Abs(scaled);
            if (magnitude >> 96 != 0) throw new OverflowException($"The value of column '{type.Name}' does not fit a decimal.");
            values[row] = new decimal((int)(uint)magnitude, (int)(uint)(magnitude >> 32), (int)(uint)(magnitude >> 64), scaled < 0, (byte)type.Scale);
        }

        return values;
    }

    private static string?[] Texts(byte* data, int rows, bool[]? nulls)
    {
        var values = new string?[rows];
        for (var row = 0; row < rows; row++)
        {
            if (nulls is not null && nulls[row]) continue;
            var slot = data + (row * 16L);
            var length = *(int*)slot;
            values[row] = Encoding.UTF8.GetString(length <= InlineText ? slot + 4 : *(byte**)(slot + 8), length);
        }

        return values;
    }

    private static string?[] Words(long[] codes, ColumnType type, bool[]? nulls)
    {
        var values = new string?[codes.Length];
        for (var row = 0; row < codes.Length; row++) values[row] = nulls is not null && nulls[row] ? null : type.Words[(int)codes[row]];
        return values;
    }
}
