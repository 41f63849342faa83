using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using MerchantStudio.Core.Ingestion.Values;

namespace MerchantStudio.Core.Ingestion.Recognition;

/// <summary>What the sample's values say about a column.</summary>
internal sealed class ValueEvidence
{
    private static readonly NumberParser Numbers = new(decimalComma: true);
    private static readonly TimestampParser Times = new(TimeZoneInfo.Utc, DateOrder.DayFirst);
    private static readonly TimestampParser MonthFirstTimes = new(TimeZoneInfo.Utc, DateOrder.MonthFirst);
    private readonly List<string> _values;

    /// <param name="values">Cells of the sample that are not empty.</param>
    public ValueEvidence(IEnumerable<string> values) => _values = [.. values];

    public ImmutableArray<string> Samples => [.. _values.Distinct().Take(3)];

    /// <summary>0 to 1: how many values could stand in this role. 1 for roles that take any text, and for a column without values.</summary>
    public double Fits(ColumnRole role) => role switch
    {
        ColumnRole.Timestamp or ColumnRole.JoinedAt or ColumnRole.PaidAt or ColumnRole.CancelledAt => Share(value => IsTime(value) || value.StartsWith("0000", StringComparison.Ordinal)),
        ColumnRole.Price or ColumnRole.Discount or ColumnRole.Cost or ColumnRole.Quantity or ColumnRole.LineNo or ColumnRole.LineTotal or ColumnRole.OrderTotal or ColumnRole.OrderDiscount
            or ColumnRole.Refunded or ColumnRole.FeedbackValue or ColumnRole.Spend or ColumnRole.Impressions or ColumnRole.Clicks => Share(IsNumber),
        ColumnRole.BirthYear => Share(value => int.TryParse(value, CultureInfo.InvariantCulture, out var year) && year is > 1900 and < 2100),
        ColumnRole.Rating => Share(value => IsNumber(value) && double.TryParse(value, CultureInfo.InvariantCulture, out var stars) && stars is >= 0 and <= 5),
        ColumnRole.EventType => Share(value => EventNames.Find(value) is not null),
        ColumnRole.Email => Share(value => value.Contains('@', StringComparison.Ordinal) || value.Contains('*', StringComparison.Ordinal)),
        _ => 1,
    };

    /// <summary>0 to 1: how strongly the values alone point to this role.</summary>
    public double PointsTo(ColumnRole role)
    {
        if (_values.Count == 0) return 0;
        return role switch
        {
            ColumnRole.Timestamp when Share(IsTime) > 0.95 && Share(IsNumber) < 0.5 => 0.7,
            ColumnRole.Timestamp when Share(IsTime) > 0.95 && Share(value => value.Length is 10 or 13) > 0.95 => 0.65,
            ColumnRole.EventType when Share(value => EventNames.Find(value) is not null) > 0.9 => 0.75,
            ColumnRole.OrderId when Share(value => value.Length > 1 && value[0] == '#' && value.AsSpan(1).IndexOfAnyExceptInRange('0', '9') < 0) > 0.9 => 0.7,
            ColumnRole.OrderState when Share(value => OrderStates.Find(value) is not null) > 0.9 => 0.65,
            ColumnRole.Email when Share(value => value.Contains('@', StringComparison.Ordinal)) > 0.9 => 0.7,
            ColumnRole.ReviewText when _values.Average(value => Encoding.UTF8.GetByteCount(value)) > 60 => 0.55,
            _ => 0,
        };
    }

    /// <summary>Null when no value tells; both are possible only where every value is below 13.</summary>
    public DateOrder? OrderOfDates(out bool asks)
    {
        var forms = 0;
        foreach (var value in _values)
        {
            if (!TimestampParser.TryDayMonth(Encoding.UTF8.GetBytes(value), out var first, out var second)) continue;
            forms++;
            asks = false;
            if (first > 12) return DateOrder.DayFirst;
            if (second > 12) return DateOrder.MonthFirst;
        }

        asks = forms > 0;
        return null;
    }

    /// <summary>Whether amounts are written like 12,50.</summary>
    public bool UsesDecimalComma() => _values.Any(value => value.LastIndexOf(',') is var comma && comma >= 0 && comma > value.LastIndexOf('.') && value.Length - comma is 2 or 3);

    public bool IsNumeric => _values.Count > 0 && Share(IsNumber) > 0.95;

    public IEnumerable<string> Distinct() => _values.Distinct();

    private double Share(Func<string, bool> fits) => _values.Count == 0 ? 1 : (double)_values.Count(fits) / _values.Count;

    private static bool IsTime(string value)
    {
        var text = Encoding.UTF8.GetBytes(value);
        return Times.TryParse(text, out _) || MonthFirstTimes.TryParse(text, out _);
    }

    private static bool IsNumber(string value) => Numbers.TryAmount(CellText.Bare(Encoding.UTF8.GetBytes(value)), out _);
}
