namespace MerchantStudio.Core.Ingestion.Formats.Workbooks;

/// <summary>Where a cell stands, as spreadsheets write it: "AB12".</summary>
internal static class CellPlace
{
    public const int MostColumns = 16_384;
    public const int MostRows = 1_048_576;

    /// <summary>Column from 0 of the letters before the digits; beyond <see cref="MostColumns"/> for what is no column.</summary>
    public static int Column(ReadOnlySpan<char> place)
    {
        var column = 0;
        foreach (var letter in place)
        {
            if (!char.IsAsciiLetterUpper(letter)) break;
            column = column * 26 + (letter - 'A' + 1);
            if (column > MostColumns) break;
        }

        return column - 1;
    }
}
