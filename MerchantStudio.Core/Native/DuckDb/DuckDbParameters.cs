using System.Text;

namespace MerchantStudio.Core.Native.DuckDb;

/// <summary>Binds a value to $1, $2, ... by its type.</summary>
internal static unsafe class DuckDbParameters
{
    /// <param name="index">From 1.</param>
    public static void Bind(StatementHandle statement, int index, object? value)
    {
        var at = (ulong)index;
        var state = value switch
        {
            null => DuckDbApi.BindNull(statement, at),
            string text => BindText(statement, at, text),
            long number => DuckDbApi.BindInt64(statement, at, number),
            int number => DuckDbApi.BindInt32(statement, at, number),
            double number => DuckDbApi.BindDouble(statement, at, number),
            decimal number => DuckDbApi.BindDecimal(statement, at, ToNative(number)),
            bool truth => DuckDbApi.BindBoolean(statement, at, truth),
            DateTimeOffset instant => DuckDbApi.BindTimestamp(statement, at, Instants.ToMicroseconds(instant)),
            DateOnly date => DuckDbApi.BindDate(statement, at, Instants.ToDays(date)),
            _ => throw new ArgumentException($"Parameter ${index} is a {value.GetType().Name}, which cannot be bound.", nameof(value)),
        };
        if (state != DuckDbApi.Success) throw DuckDbException.FromMessage("bind", $"Invalid Input Error: parameter ${index} cannot be bound; does the statement have it?");
    }

    private static int BindText(StatementHandle statement, ulong index, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        fixed (byte* pointer = bytes)
        {
            byte none = 0;
            return DuckDbApi.BindVarcharLength(statement, index, bytes.Length == 0 ? &none : pointer, (ulong)bytes.Length);
        }
    }

    /// <summary>A decimal holds up to 29 figures, DECIMAL(38) all of them; the narrowest usual width keeps arithmetic in 64 bits.</summary>
    private static DuckDbApi.NativeDecimal ToNative(decimal value)
    {
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(value, bits);
        var scale = (byte)(bits[3] >> 16);
        var magnitude = ((UInt128)(uint)bits[2] << 64) | ((UInt128)(uint)bits[1] << 32) | (uint)bits[0];
        var signed = bits[3] < 0 ? -(Int128)magnitude : (Int128)magnitude;
        byte width = magnitude < 1_000_000_000_000_000_000 && scale <= 18 ? (byte)18 : (byte)38;
        return new DuckDbApi.NativeDecimal(width, scale, (ulong)signed, (long)(signed >> 64));
    }
}
