using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using MerchantStudio.Core.Ingestion.Formats;
using MerchantStudio.Core.Ingestion.Text;
using MerchantStudio.Core.Warehouse;

namespace MerchantStudio.Core.Ingestion.Rows;

/// <summary>Keeps every row that is set aside: with its line, column, value and reason.</summary>
internal sealed class RejectLog(WarehouseAppender rejects, int importNumber) : IDisposable
{
    public static readonly string[] Columns = ["import_id", "source_line", "column_name", "value", "reason_code", "reason"];
    private const int LongestValue = 200;
    private readonly Dictionary<(RejectCode Code, string Column), RejectReason> _reasons = [];

    public long Count { get; private set; }

    /// <summary>The most frequent first.</summary>
    public ImmutableArray<RejectReason> Reasons => [.. _reasons.Values.OrderByDescending(reason => reason.Rows).ThenBy(reason => reason.ExampleLine)];

    public void Add(long line, RejectCode code, string column, ReadOnlySpan<byte> value)
    {
        line = RecordPlace.RecordOf(line);
        var text = Shorten(value);
        var sentence = Sentence(code, text);
        Count++;
        var key = (code, column);
        _reasons[key] = _reasons.TryGetValue(key, out var known)
            ? known with { Rows = known.Rows + 1 }
            : new RejectReason(Key(code), column, text, line, sentence, 1);
        rejects.Int(0, importNumber);
        rejects.Long(1, line);
        rejects.Text(2, column);
        rejects.Text(3, text);
        rejects.Text(4, Key(code));
        rejects.Text(5, sentence);
        rejects.EndRow();
    }

    /// <summary>A record that cannot be cut into the file's columns.</summary>
    public void AddBroken(DelimitedFile file)
    {
        var code = file.Fault switch
        {
            RecordFault.QuoteNotClosed => RejectCode.QuoteNotClosed,
            RecordFault.FieldTooLong => RejectCode.FieldTooLong,
            RecordFault.RecordTooLong => RejectCode.RecordTooLong,
            RecordFault.NulByte => RejectCode.NulByte,
            RecordFault.NotText => RejectCode.NotText,
            RecordFault.Unreadable => RejectCode.Unreadable,
            _ => file.FieldCount < file.Columns.Length ? RejectCode.TooFewColumns : RejectCode.TooManyColumns,
        };
        Add(file.Line, code, "", file.Raw);
    }

    /// <summary>For rows that are set aside once all of them are there.</summary>
    public static (string Code, string Sentence) UnknownOrder(string order) => (Key(RejectCode.UnknownOrder), Sentence(RejectCode.UnknownOrder, order));

    public void Complete() => rejects.Complete();

    public void Dispose() => rejects.Dispose();

    private static string Key(RejectCode code) => JsonNamingPolicy.SnakeCaseLower.ConvertName(code.ToString());

    /// <summary>At most 200 characters of readable text.</summary>
    private static string Shorten(ReadOnlySpan<byte> value)
    {
        var text = Encoding.UTF8.GetString(value[..Math.Min(value.Length, LongestValue * 4)]).Replace('\0', '\u2400').Replace('\uFFFD', '?');
        if (text.Length <= LongestValue) return text;
        var end = char.IsHighSurrogate(text[LongestValue - 2]) ? LongestValue - 2 : LongestValue - 1;
        return text[..end] + "…";
    }

    private static string Sentence(RejectCode code, string value) => code switch
    {
        RejectCode.QuoteNotClosed => "A quotation mark opens a field and is not closed properly. Double it, or remove it.",
        RejectCode.FieldTooLong => "One field is longer than 1 MB. Shorten it, or check the quotation marks.",
        RejectCode.RecordTooLong => "The row is longer than 16 MB. Check the line ends and quotation marks.",
        RejectCode.NulByte => "The row holds a zero byte. Export the file again as text.",
        RejectCode.NotText => "The row holds bytes that are not text in the file's encoding. Save the file as UTF-8.",
        RejectCode.Unreadable => "This is not one JSON object. Check its quotation marks, brackets and names that stand twice.",
        RejectCode.TooFewColumns => "The row has fewer columns than the file. Check whether it was cut off.",
        RejectCode.TooManyColumns => "The row has more columns than the file. Put fields that hold the delimiter in quotation marks.",
        RejectCode.MissingTime => "The time is empty.",
        RejectCode.NotATime => $"'{value}' is not a time. Expected is a form like 2026-06-01 12:30:00, ISO 8601 or Unix seconds.",
        RejectCode.AmbiguousDate => $"'{value}' may be read as day and month or as month and day. Choose the order of dates.",
        RejectCode.MissingEvent => "The event name is empty.",
        RejectCode.UnknownEvent => $"'{value}' is not a known event. Say what it means, or correct it in the file.",
        RejectCode.NoShopper => "The row names neither a shopper nor a session nor an order.",
        RejectCode.MissingId => "The id is empty.",
        RejectCode.NotANumber => $"'{value}' is not a number{(value.Contains('O', StringComparison.OrdinalIgnoreCase) ? " (letter O?)" : "")}.",
        RejectCode.NotAWholeNumber => $"'{value}' is not a whole number.",
        RejectCode.RatingOutOfRange => $"'{value}' is not between 0 and 5 stars.",
        RejectCode.UnknownLabel => $"'{value}' is not known as positive, neutral or negative. Say what it means.",
        RejectCode.EmptyReview => "The row has neither text nor rating.",
        RejectCode.UnknownOrder => $"The order '{value}' is not among your orders. Import the file of orders first, then this one again.",
        RejectCode.MissingValue => "The cell is empty.",
        _ => "The row cannot be read.",
    };
}
