namespace MerchantStudio.Core.Warehouse;

public enum WarehouseErrorKind
{
    Other,

    /// <summary>Another transaction changed the same rows first; try again.</summary>
    Conflict,

    /// <summary>A table or column that does not exist, or exists already.</summary>
    Catalog,

    /// <summary>SQL that cannot be read or bound: a defect of ours.</summary>
    Syntax,

    /// <summary>A value does not fit the column's type or range.</summary>
    Value,
    Constraint,

    /// <summary>The disk is full or the file cannot be read or written.</summary>
    Io,

    /// <summary>Another process holds the file.</summary>
    Locked,
    OutOfMemory,

    /// <summary>Refused by the security settings.</summary>
    Permission,

    /// <summary>The workspace's warehouse has been deleted.</summary>
    Deleted,
}

/// <summary>What the warehouse's engine reports. An interrupt surfaces as <see cref="OperationCanceledException"/> instead.</summary>
public sealed class WarehouseException : Exception
{
    public WarehouseException(WarehouseErrorKind kind, string message)
        : base(message) => Kind = kind;

    public WarehouseException(WarehouseErrorKind kind, string message, Exception inner)
        : base(message, inner) => Kind = kind;

    public WarehouseErrorKind Kind { get; }
}
