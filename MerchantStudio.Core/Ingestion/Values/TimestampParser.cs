using System.Buffers.Text;

namespace MerchantStudio.Core.Ingestion.Values;

/// <summary>Reads the ways in which shops write an instant: ISO 8601, year first with any separator, day or month first, Unix seconds, milliseconds and microseconds.</summary>
/// <param name="zone">The store's zone, for times without one of their own.</param>
/// <param name="order">Null when it is not known; then 3/4/2026 is not read and 13/4/2026 is.</param>
public sealed class TimestampParser(TimeZoneInfo zone, DateOrder? order)
{
    private const long Second = 1_000_000;
    private const long Hour = 3_600 * Second;
    private const long Day = 24 * Hour;
    private static readonly long Earliest = Days(1971, 1, 1) * Day;
    private static readonly long Latest = Days(2200, 1, 1) * Day;
    private long _cachedHour = long.MinValue;
    private long _cachedOffset;

    /// <param name="micros">Microseconds since 1970-01-01 UTC, between 1971 and 2200.</param>
    public bool TryParse(ReadOnlySpan<byte> text, out long micros)
    {
        if (TryPlain(text, out micros)) return true;
        text = text.Trim((byte)' ');
        micros = 0;
        if (text.Length < 6) return false;
        if (IsDigits(text) || IsUnixFraction(text)) return TryUnix(text, out micros) && InRange(micros);
        return TryCalendar(text, out micros) && InRange(micros);
    }

    /// <summary>1 and 2 for the two leading numbers of a day/month date; false for any other form.</summary>
    internal static bool TryDayMonth(ReadOnlySpan<byte> text, out int first, out int second)
    {
        second = 0;
        text = text.Trim((byte)' ');
        return TakeNumber(ref text, 2, out first) && TakeSeparator(ref text) && TakeNumber(ref text, 2, out second) && TakeSeparator(ref text) && text.Length >= 2;
    }

    /// <summary>2026-06-01T12:30:00Z and 2026-06-01 12:30:00, the usual forms. False for any other, however sound.</summary>
    private bool TryPlain(ReadOnlySpan<byte> text, out long micros)
    {
        micros = 0;
        if (text.Length is < 19 or > 20 || text[4] != '-' || text[7] != '-' || text[10] is not ((byte)'T' or (byte)' ') || text[13] != ':' || text[16] != ':') return false;
        if (text.Length == 20 && text[19] != 'Z') return false;
        if (!TryTwo(text, out var century) || !TryTwo(text[2..], out var year) || !TryTwo(text[5..], out var month) || !TryTwo(text[8..], out var dayOfMonth)
            || !TryTwo(text[11..], out var hour) || !TryTwo(text[14..], out var minute) || !TryTwo(text[17..], out var second)) return false;
        if (!TryDate((century * 100) + year, month, dayOfMonth, out var day) || !TryClock(hour, minute, second, out var clock)) return false;
        if (text.Length == 20) micros = day + clock;
        else if (!FromStoreTime(day + clock, out micros)) return false;
        return InRange(micros);
    }

    private static bool TryTwo(ReadOnlySpan<byte> text, out int value)
    {
        var (tens, ones) = (text[0] - '0', text[1] - '0');
        value = (tens * 10) + ones;
        return (uint)tens <= 9 && (uint)ones <= 9;
    }

    private static bool InRange(long micros) => micros >= Earliest && micros < Latest;

    private static bool IsDigits(ReadOnlySpan<byte> text) => text.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0;

    private static bool IsUnixFraction(ReadOnlySpan<byte> text)
    {
        var point = text.IndexOf((byte)'.');
        return point is 10 or 13 && IsDigits(text[..point]) && IsDigits(text[(point + 1)..]);
    }

    private bool TryUnix(ReadOnlySpan<byte> text, out long micros)
    {
        micros = 0;
        var point = text.IndexOf((byte)'.');
        var whole = point < 0 ? text : text[..point];
        if (whole.Length > 16 || !Utf8Parser.TryParse(whole, out long value, out _)) return false;
        switch (whole.Length)
        {
            case 8 or 14:
                return TryCompact(text, out micros);
            case 16:
                micros = value;
                return true;
            case 13:
                micros = value * 1_000;
                return true;
            case 9 or 10:
                micros = value * Second + (point < 0 ? 0 : Fraction(text[(point + 1)..]));
                return true;
            default:
                return false;
        }
    }

    /// <summary>20260601 and 20260601123000.</summary>
    private bool TryCompact(ReadOnlySpan<byte> text, out long micros)
    {
        micros = 0;
        var clock = text.Length == 14 ? text[8..] : "000000"u8;
        return TryDate(Two(text) * 100 + Two(text[2..]), Two(text[4..]), Two(text[6..]), out var day)
            && TryClock(Two(clock), Two(clock[2..]), Two(clock[4..]), out var time)
            && FromStoreTime(day + time, out micros);
    }

    private bool TryCalendar(ReadOnlySpan<byte> text, out long micros)
    {
        micros = 0;
        if (!TakeNumber(ref text, 4, out var first, out var firstDigits) || !TakeSeparator(ref text)
            || !TakeNumber(ref text, 2, out var second) || !TakeSeparator(ref text)
            || !TakeNumber(ref text, 4, out var third, out var thirdDigits)) return false;
        long day;
        if (firstDigits == 4)
        {
            if (thirdDigits > 2 || !TryDate(first, second, third, out day)) return false;
        }
        else
        {
            if (thirdDigits is not (2 or 4) || !TryOrder(first, second, out var dayOfMonth, out var month)) return false;
            if (!TryDate(thirdDigits == 2 ? 2000 + third : third, month, dayOfMonth, out day)) return false;
        }

        if (text.StartsWith("日"u8)) text = text["日"u8.Length..];
        text = text.TrimStart((byte)' ');
        if (text.IsEmpty) return FromStoreTime(day, out micros);
        if (text[0] is (byte)'T' or (byte)'t') text = text[1..];
        return TryTime(text, day, out micros);
    }

    private bool TryTime(ReadOnlySpan<byte> text, long day, out long micros)
    {
        micros = 0;
        var seconds = 0;
        long fraction = 0;
        if (!TakeNumber(ref text, 2, out var hour) || !Take(ref text, (byte)':') || !TakeNumber(ref text, 2, out var minute)) return false;
        if (Take(ref text, (byte)':'))
        {
            if (!TakeNumber(ref text, 2, out seconds)) return false;
            if (Take(ref text, (byte)'.') || Take(ref text, (byte)','))
            {
                var digits = text.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
                if (digits < 0) digits = text.Length;
                fraction = Fraction(text[..digits]);
                text = text[digits..];
            }
        }

        text = text.Trim((byte)' ');
        if (text.Length >= 2 && (text[^1] | 0x20) == 'm' && (text[0] | 0x20) is 'a' or 'p' && text.Length == 2)
        {
            if (hour is < 1 or > 12) return false;
            hour = hour % 12 + ((text[0] | 0x20) == 'p' ? 12 : 0);
            text = default;
        }

        if (!TryClock(hour, minute, seconds, out var clock)) return false;
        var local = day + clock + fraction;
        if (text.IsEmpty) return FromStoreTime(local, out micros);
        if (!TryOffset(text, out var offset)) return false;
        micros = local - offset;
        return true;
    }

    /// <summary>Z, UTC, +02:00, +0200, +02.</summary>
    private static bool TryOffset(ReadOnlySpan<byte> text, out long offset)
    {
        offset = 0;
        if (text.SequenceEqual("Z"u8) || text.SequenceEqual("z"u8) || text.SequenceEqual("UTC"u8) || text.SequenceEqual("GMT"u8)) return true;
        if (text[0] is not ((byte)'+' or (byte)'-')) return false;
        var sign = text[0] == (byte)'-' ? -1 : 1;
        text = text[1..];
        if (!TakeNumber(ref text, 4, out var value, out var digits)) return false;
        var minutes = 0;
        if (digits == 4) (value, minutes) = (value / 100, value % 100);
        else if (digits > 2 || (Take(ref text, (byte)':') && !TakeNumber(ref text, 2, out minutes))) return false;
        offset = sign * (value * Hour + minutes * 60 * Second);
        return text.IsEmpty && value <= 14 && minutes < 60;
    }

    private bool TryOrder(int first, int second, out int day, out int month)
    {
        var dayFirst = order switch
        {
            DateOrder.DayFirst => true,
            DateOrder.MonthFirst => false,
            _ => first > 12,
        };
        (day, month) = dayFirst ? (first, second) : (second, first);
        return order is not null || first > 12 || second > 12 || first == second;
    }

    /// <summary>The instant of a clock reading in the store. A reading that the clocks skip is moved on, one that comes twice is taken the second time.</summary>
    private bool FromStoreTime(long local, out long micros)
    {
        // Offsets change on quarter hours at the finest.
        var quarter = Math.DivRem(local, Hour / 4).Quotient;
        if (quarter != _cachedHour)
        {
            micros = 0;
            if (!InRange(local)) return false;
            var clock = DateTime.UnixEpoch.AddTicks(quarter * (Hour / 4) * 10);
            _cachedOffset = zone.GetUtcOffset(DateTime.SpecifyKind(clock, DateTimeKind.Unspecified)).Ticks / 10;
            _cachedHour = quarter;
        }

        micros = local - _cachedOffset;
        return true;
    }

    private static bool TryDate(int year, int month, int day, out long micros)
    {
        micros = 0;
        if (year is < 1970 or > 2199 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month)) return false;
        micros = Days(year, month, day) * Day;
        return true;
    }

    private static bool TryClock(int hour, int minute, int second, out long micros)
    {
        micros = hour * Hour + minute * 60 * Second + second * Second;
        return hour < 24 && minute < 60 && second <= 60;
    }

    /// <summary>Days since 1970-01-01.</summary>
    private static long Days(int year, int month, int day)
    {
        if (month <= 2) year--;
        var era = year / 400;
        var yearOfEra = year - era * 400;
        var dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
        var dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
        return era * 146_097L + dayOfEra - 719_468;
    }

    private static long Fraction(ReadOnlySpan<byte> digits)
    {
        long micros = 0;
        for (var place = 0; place < 6; place++) micros = micros * 10 + (place < digits.Length ? digits[place] - '0' : 0);
        return micros;
    }

    private static int Two(ReadOnlySpan<byte> digits) => (digits[0] - '0') * 10 + digits[1] - '0';

    private static bool TakeNumber(ref ReadOnlySpan<byte> text, int maxDigits, out int value) => TakeNumber(ref text, maxDigits, out value, out _);

    private static bool TakeNumber(ref ReadOnlySpan<byte> text, int maxDigits, out int value, out int digits)
    {
        value = 0;
        digits = 0;
        while (digits < text.Length && digits < maxDigits && text[digits] is >= (byte)'0' and <= (byte)'9') value = value * 10 + text[digits++] - '0';
        text = text[digits..];
        return digits > 0;
    }

    private static bool TakeSeparator(ref ReadOnlySpan<byte> text)
    {
        if (text.StartsWith("年"u8) || text.StartsWith("月"u8))
        {
            text = text[3..];
            return true;
        }

        return Take(ref text, (byte)'-') || Take(ref text, (byte)'/') || Take(ref text, (byte)'.');
    }

    private static bool Take(ref ReadOnlySpan<byte> text, byte expected)
    {
        if (text.IsEmpty || text[0] != expected) return false;
        text = text[1..];
        return true;
    }
}
