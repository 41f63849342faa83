namespace MerchantStudio.Core.Ingestion.Text;

/// <summary>How a delimited text is cut into records and fields.</summary>
/// <param name="Delimiter">One ASCII character.</param>
/// <param name="LineEnd">'\n' (with or without a carriage return before it), or '\r' for files that use it alone.</param>
internal readonly record struct CsvFormat(byte Delimiter, byte LineEnd = (byte)'\n')
{
    /// <summary>A field longer than this is not data of a shop.</summary>
    public const int MaxFieldBytes = 1024 * 1024;

    public const int MaxRecordBytes = 16 * 1024 * 1024;
    public const int MaxColumns = 10_000;
}

/// <summary>Why a record cannot be cut into fields.</summary>
internal enum RecordFault
{
    None,
    QuoteNotClosed,
    FieldTooLong,
    RecordTooLong,
    NulByte,
    NotText,

    /// <summary>The original of a converted file has something here that cannot be read.</summary>
    Unreadable,
}
