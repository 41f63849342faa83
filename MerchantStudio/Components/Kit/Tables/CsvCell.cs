using MerchantStudio.Core.Exports;
using MerchantStudio.Core.Shop;

namespace MerchantStudio.Components.Kit;

/// <summary>One cell of a table as its CSV holds it: a text, or a number or time without the screen's separators but with its digits.</summary>
public readonly record struct CsvCell
{
    private readonly Action<CsvExport>? _write;

    private CsvCell(Action<CsvExport> write) => _write = write;

    public static implicit operator CsvCell(string? text) => new(csv => csv.Text(text));

    public static implicit operator CsvCell(long count) => Count(count);

    public static CsvCell Count(long? count) => new(csv => csv.Number(count));

    /// <param name="decimals">Digits after the point, as on the screen.</param>
    public static CsvCell Number(double? number, int decimals) => new(csv => csv.Number(number, decimals));

    public static CsvCell Number(decimal? number, int decimals) => new(csv => csv.Number(number, decimals));

    /// <summary>With all the currency's decimals: the screen shows it by <c>Show.ExactMoney</c>.</summary>
    public static CsvCell Amount(Money? money) => new(csv => csv.Number(money?.Amount, money is { } given ? Money.Decimals(given.Currency) : 0));

    public static CsvCell Instant(DateTimeOffset? at) => new(csv => csv.Instant(at));

    public static CsvCell Day(DateOnly? day) => new(csv => csv.Day(day));

    internal void WriteTo(CsvExport csv)
    {
        if (_write is null) csv.Text(null);
        else _write(csv);
    }
}
