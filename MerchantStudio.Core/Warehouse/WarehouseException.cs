using MerchantStudio.Core.Outcomes;

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

    /// <summary>What the file holds does not agree with its own check sums; <see cref="WarehouseException.Problem"/> says what to do.</summary>
    Damaged,

    /// <summary>Another process holds the file.</summary>
    Locked,
    OutOfMemory,

    /// <summary>Refused by the security settings.</summary>
    Permission,

    /// <summary>The workspace's warehouse has been deleted.</summary>
    Deleted,
}

/// <summary>What the warehouse's engine reports. An interrupt surfaces as <see cref="OperationCanceledException"/> instead.</summary>
public sealed class WarehouseException : Exception, IExplained
{
    public WarehouseException(WarehouseErrorKind kind, string message)
        : base(message) => Kind = kind;

    public WarehouseException(WarehouseErrorKind kind, string message, Exception inner)
        : base(message, inner) => Kind = kind;

    public WarehouseErrorKind Kind { get; }

    /// <summary>What whoever runs the studio can do about it; null where only a developer can.</summary>
    public Problem? Problem { get; init; }
}

public sealed record WarehouseDamaged(string File)
    : Problem("data.shop-damaged", "The file {0}, which holds this shop's data, is damaged. Stop the studio, put a backup copy of that file in its place and start again; other shops are not affected.", File);
