using System.Collections.Immutable;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Insights.Figures;

/// <summary>What one day adds up to; zeros where nothing happened.</summary>
internal sealed record DayFigures(DateOnly Day, long Orders, long Priced, double Value, long Buyers, long Repeaters, double Net, long Shoppers, long Views, long Sessions, long Buying, double Refunded)
{
    public static DayFigures Empty(DateOnly day) => new(day, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
}

/// <summary>One period's sums and its days.</summary>
internal sealed record PeriodFigures(ImmutableArray<DayFigures> ByDay, long Buyers, long Repeaters, long Shoppers, double Returning, double New)
{
    public ImmutableArray<DateOnly> Days => [.. ByDay.Select(day => day.Day)];

    public double Refunded => Sum(day => day.Refunded);

    public static async Task<PeriodFigures> ReadAsync(WorkspaceWarehouse warehouse, Period period, CancellationToken cancellationToken)
    {
        IReadOnlyList<object?> parameters = [period.From, period.To];
        var found = await warehouse.QueryAsync(FigureSql.Daily, ReadDay, parameters, cancellationToken).ConfigureAwait(false);
        var known = found.ToDictionary(day => day.Day);
        var whole = await warehouse.QueryAsync(
            FigureSql.Whole, row => (Buyers: row.Long(0), Repeaters: row.Long(1), Shoppers: row.Long(2), Returning: (double)row.Decimal(3), New: (double)row.Decimal(4)), parameters, cancellationToken).ConfigureAwait(false);
        var days = Enumerable.Range(0, period.Days).Select(period.From.AddDays).Select(day => known.GetValueOrDefault(day) ?? DayFigures.Empty(day)).ToImmutableArray();
        return new PeriodFigures(days, whole[0].Buyers, whole[0].Repeaters, whole[0].Shoppers, whole[0].Returning, whole[0].New);
    }

    public double Sum(Func<DayFigures, double> value) => ByDay.Sum(value);

    private static DayFigures ReadDay(WarehouseRow row) => new(row.Date(0), row.Long(1), row.Long(2), (double)row.Decimal(3), row.Long(4), row.Long(5), (double)row.Decimal(6),
        row.Long(7), row.Long(8), row.Long(9), row.Long(10), (double)row.Decimal(11));
}
