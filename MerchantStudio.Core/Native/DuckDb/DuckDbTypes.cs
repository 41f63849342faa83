namespace MerchantStudio.Core.Native.DuckDb;

/// <summary>Column types by DuckDB's numbers; the ones that we read or write.</summary>
internal enum DuckDbType
{
    Invalid = 0,
    Boolean = 1,
    TinyInt = 2,
    SmallInt = 3,
    Integer = 4,
    BigInt = 5,
    UTinyInt = 6,
    USmallInt = 7,
    UInteger = 8,
    UBigInt = 9,
    Float = 10,
    Double = 11,
    Timestamp = 12,
    Date = 13,
    HugeInt = 16,
    Varchar = 17,
    Decimal = 19,
    Enum = 23,
    TimestampTz = 31,
    UHugeInt = 32,
    SqlNull = 36,
}

/// <summary>Kinds of error by DuckDB's numbers; the ones that somebody acts upon.</summary>
internal enum DuckDbErrorType
{
    Unknown = 0,
    OutOfRange = 1,
    Conversion = 2,
    MismatchType = 5,
    Serialization = 9,
    Transaction = 10,
    Catalog = 13,
    Parser = 14,
    Constraint = 18,
    Syntax = 22,
    Binder = 24,
    Io = 28,
    Interrupt = 29,

    /// <summary>The database cannot be used any more before it is opened again.</summary>
    Fatal = 30,
    Internal = 31,
    InvalidInput = 32,
    OutOfMemory = 33,
    Permission = 34,
}

/// <param name="call">The function that failed, without its prefix.</param>
internal sealed class DuckDbException(DuckDbErrorType type, string call, string message) : Exception($"{message} ({call})")
{
    private static readonly (string Prefix, DuckDbErrorType Type)[] Prefixes =
    [
        ("Out of Range Error", DuckDbErrorType.OutOfRange),
        ("Conversion Error", DuckDbErrorType.Conversion),
        ("Serialization Error", DuckDbErrorType.Serialization),
        ("TransactionContext Error", DuckDbErrorType.Transaction),
        ("Catalog Error", DuckDbErrorType.Catalog),
        ("Parser Error", DuckDbErrorType.Parser),
        ("Constraint Error", DuckDbErrorType.Constraint),
        ("Binder Error", DuckDbErrorType.Binder),
        ("IO Error", DuckDbErrorType.Io),
        ("INTERRUPT Error", DuckDbErrorType.Interrupt),
        ("FATAL Error", DuckDbErrorType.Fatal),
        ("INTERNAL Error", DuckDbErrorType.Internal),
        ("Invalid Input Error", DuckDbErrorType.InvalidInput),
        ("Out of Memory Error", DuckDbErrorType.OutOfMemory),
        ("Permission Error", DuckDbErrorType.Permission),
    ];

    public DuckDbErrorType Type { get; } = type;

    /// <summary>For calls that give a message but no type: every message begins with its kind.</summary>
    public static DuckDbException FromMessage(string call, string? message)
    {
        message ??= "no message";
        var type = Prefixes.FirstOrDefault(known => message.StartsWith(known.Prefix, StringComparison.Ordinal)).Type;
        return new DuckDbException(type, call, message);
    }
}
