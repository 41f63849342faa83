using System.Globalization;
using System.Xml;

namespace MerchantStudio.Core.Ingestion.Formats.Workbooks;

/// <summary>What a number in a cell is shown as.</summary>
internal enum NumberLook
{
    Number,
    Date,
    Moment,
    TimeOfDay,
}

/// <summary>Finds out from a workbook's styles which numbers are dates, and writes numbers and dates out.</summary>
internal sealed class NumberFormats
{
    private const int MostStyles = 100_000;
    private readonly Dictionary<int, NumberLook> _own = [];
    private readonly List<NumberLook> _styles = [];

    public static NumberFormats Plain { get; } = new();

    public static NumberFormats Read(XmlReader xml)
    {
        var formats = new NumberFormats();
        var inCells = false;
        while (xml.Read())
        {
            if (xml.NodeType == XmlNodeType.EndElement && xml.LocalName == "cellXfs") inCells = false;
            if (xml.NodeType != XmlNodeType.Element) continue;
            if (xml.LocalName == "cellXfs") inCells = !xml.IsEmptyElement;
            else if (xml.LocalName == "numFmt" && Number(xml["numFmtId"]) is { } id && formats._own.Count < MostStyles) formats._own[id] = LookOf(xml["formatCode"] ?? "");
            else if (xml.LocalName == "xf" && inCells && formats._styles.Count < MostStyles) formats._styles.Add(formats.LookOf(Number(xml["numFmtId"]) ?? 0));
        }

        return formats;
    }

    /// <param name="style">The cell's style, by its place in the workbook's list.</param>
    public string Write(string number, string? style, bool from1904) => Write(number, OfStyle(style), from1904);

    private NumberLook OfStyle(string? style) => style is not null && Number(style) is { } place && place >= 0 && place < _styles.Count ? _styles[place] : NumberLook.Number;

    /// <summary>Digits as they are written; never as 1.23E+15, and without the last digits of a fraction that only the machine's arithmetic put there.</summary>
    public static string Write(string number)
    {
        if (number.AsSpan().IndexOfAny('E', 'e') < 0 && (number.Length <= 16 || !number.Contains('.', StringComparison.Ordinal))) return number;
        if (!double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || !double.IsFinite(value)) return number;
        if (decimal.TryParse(value.ToString("G15", CultureInfo.InvariantCulture), NumberStyles.Float, CultureInfo.InvariantCulture, out var exact)
            && (exact != 0 || value == 0)) return exact.ToString("0.#############################", CultureInfo.InvariantCulture);
        return Math.Abs(value) >= 1 ? new System.Numerics.BigInteger(value).ToString(CultureInfo.InvariantCulture) : "0";
    }

    /// <summary>A date's number as ISO 8601; the number itself where there is no such date.</summary>
    public static string Write(string number, NumberLook look, bool from1904)
    {
        if (look == NumberLook.Number || !double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var days)) return Write(number);
        if (from1904) days += 1_462;
        else if (days is >= 1 and < 60) days += 1; // Spreadsheets count a 29 February 1900 that never was.
        if (days is < 0 or >= 2_958_466) return Write(number);
        var moment = new DateTime(1899, 12, 30).AddTicks((long)Math.Round(days * 86_400_000) * TimeSpan.TicksPerMillisecond);
        var time = moment.Millisecond == 0 ? "HH:mm:ss" : "HH:mm:ss.fff";
        if (look == NumberLook.TimeOfDay && days < 1) return moment.ToString(time, CultureInfo.InvariantCulture);
        return moment.TimeOfDay == TimeSpan.Zero && look == NumberLook.Date
            ? moment.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
            : moment.ToString("yyyy-MM-dd " + time, CultureInfo.InvariantCulture);
    }

    private static int? Number(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>Numbers 0 to 163 are the spreadsheet's own formats.</summary>
    private NumberLook LookOf(int format) => _own.TryGetValue(format, out var own) ? own : format switch
    {
        14 or 15 or 16 or 17 or (>= 27 and <= 31) or 36 or (>= 50 and <= 54) or 57 or 58 => NumberLook.Date,
        22 => NumberLook.Moment,
        18 or 19 or 20 or 21 or (>= 32 and <= 35) or 45 or 47 or 55 or 56 => NumberLook.TimeOfDay,
        _ => NumberLook.Number,
    };

    /// <summary>Looks at the letters of the first section that are not quoted, escaped or in brackets.</summary>
    private static NumberLook LookOf(string code)
    {
        bool day = false, time = false;
        for (var at = 0; at < code.Length && code[at] != ';'; at++)
        {
            switch (code[at])
            {
                case '"':
                    at = code.IndexOf('"', at + 1) is >= 0 and var close ? close : code.Length;
                    break;
                case '\\' or '_' or '*':
                    at++;
                    break;
                case '[':
                    var end = code.IndexOf(']', at);
                    if (end < 0) return NumberLook.Number;
                    if (code.AsSpan(at + 1, end - at - 1).TrimStart("hHmMsS").IsEmpty) return NumberLook.Number; // A length of time, not a time.
                    at = end;
                    break;
                case 'y' or 'Y' or 'd' or 'D':
                    day = true;
                    break;
                case 'h' or 'H' or 's' or 'S':
                    time = true;
                    break;
                case 'G' or 'g' when code.AsSpan(at).StartsWith("General", StringComparison.OrdinalIgnoreCase):
                    return NumberLook.Number;
                case '0' or '#' or '?' when !time:
                    return NumberLook.Number;
            }
        }

        return (day, time) switch
        {
            (true, true) => NumberLook.Moment,
            (true, false) => NumberLook.Date,
            (false, true) => NumberLook.TimeOfDay,
            _ => code.Contains("mmm", StringComparison.OrdinalIgnoreCase) ? NumberLook.Date : NumberLook.Number,
        };
    }
}
