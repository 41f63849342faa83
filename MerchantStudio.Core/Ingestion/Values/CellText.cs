namespace MerchantStudio.Core.Ingestion.Values;

/// <summary>What a cell says once the file's habits are taken off.</summary>
internal static class CellText
{
    /// <summary>Without blanks around it and without the wrappers that keep spreadsheets from reading an id as a number: ="123" and '123.</summary>
    public static ReadOnlySpan<byte> Bare(ReadOnlySpan<byte> cell) =>
        cell.IsEmpty || (cell[0] > '\'' && cell[0] != '=' && cell[^1] > ' ') ? cell : Unwrapped(cell);

    private static ReadOnlySpan<byte> Unwrapped(ReadOnlySpan<byte> cell)
    {
        if (cell[0] <= ' ' || cell[^1] <= ' ') cell = cell.Trim(" \t\r\n"u8);
        if (cell is [(byte)'=', (byte)'"', .., (byte)'"']) return cell[2..^1];
        return cell is [(byte)'\'', ..] and not [.., (byte)'\''] ? cell[1..] : cell;
    }

    /// <summary>Words that programs write where nothing is known.</summary>
    public static bool IsMissing(ReadOnlySpan<byte> cell) => cell.Length switch
    {
        0 => true,
        2 => cell.SequenceEqual("\\N"u8),
        3 => cell.SequenceEqual("NaN"u8) || cell.SequenceEqual("nan"u8) || cell.SequenceEqual("N/A"u8),
        4 => cell.SequenceEqual("NULL"u8) || cell.SequenceEqual("null"u8) || cell.SequenceEqual("None"u8) || cell.SequenceEqual("#N/A"u8),
        _ => false,
    };
}
