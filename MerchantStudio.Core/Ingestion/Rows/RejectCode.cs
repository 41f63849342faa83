namespace MerchantStudio.Core.Ingestion.Rows;

/// <summary>Why a row is set aside. The snake_case name is stored and keys the translated reason.</summary>
internal enum RejectCode
{
    None,
    QuoteNotClosed,
    FieldTooLong,
    RecordTooLong,
    NulByte,
    NotText,
    Unreadable,
    TooFewColumns,
    TooManyColumns,
    MissingTime,
    NotATime,
    AmbiguousDate,
    MissingEvent,
    UnknownEvent,
    NoShopper,
    MissingId,
    NotANumber,
    NotAWholeNumber,
    RatingOutOfRange,
    UnknownLabel,
    EmptyReview,
    UnknownOrder,
    MissingValue,
}
