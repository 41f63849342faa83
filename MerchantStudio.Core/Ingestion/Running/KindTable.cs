using System.Collections.Immutable;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Ingestion.Recognition;

namespace MerchantStudio.Core.Ingestion.Running;

/// <summary>Where the rows of a kind lie and what tells them apart.</summary>
/// <param name="Key">Warehouse columns of the id that every row of the kind has; empty for kinds whose rows may have none.</param>
internal sealed record KindTable(DatasetKind Kind, string Name, ImmutableArray<string> Key)
{
    public static ImmutableArray<KindTable> All { get; } =
    [
        new(DatasetKind.Events, "events", []),
        new(DatasetKind.Reviews, "reviews", []),
        new(DatasetKind.Products, "products", ["item_id"]),
        new(DatasetKind.Customers, "customers", ["user_id"]),
        new(DatasetKind.Orders, "events", ["order_id", "line_no"]),
        new(DatasetKind.Feedback, "feedback", []),
        new(DatasetKind.AdSpend, "ad_spend", []),
    ];

    /// <summary>Imports that brought orders; all other events are not theirs.</summary>
    private const string OrderImports = "(select import_id from imported where kind = 'Orders')";

    /// <summary>Which rows of the table are the kind's: orders and other events share one.</summary>
    public string Rows => Kind switch
    {
        DatasetKind.Orders => $"import_id in {OrderImports}",
        DatasetKind.Events => $"(import_id is null or import_id not in {OrderImports})",
        _ => "true",
    };

    /// <summary>Which rows of the table a file may take the place of: those that files brought. Live events, of no import, stay.</summary>
    public string Imported => Kind == DatasetKind.Events ? $"import_id > 0 and {Rows}" : Rows;

    /// <summary>Feature tables have a table each, and none here.</summary>
    public static KindTable Of(DatasetKind kind) => All.Single(table => table.Kind == kind);

    /// <summary>The warehouse columns that a role fills; the last of several is the one to compare by.</summary>
    public ImmutableArray<string> ColumnsOf(ColumnRole role) => role switch
    {
        ColumnRole.Timestamp => ["ts"],
        ColumnRole.FeedbackValue => ["value"],
        ColumnRole.ItemName when Kind == DatasetKind.Products => ["name"],
        ColumnRole.ReviewTitle => ["title"],
        ColumnRole.ReviewText => ["text"],
        ColumnRole.CustomerName => ["name_protected"],
        ColumnRole.Email => ["email_protected", "email_hash"],
        ColumnRole.Phone => ["phone_protected", "phone_hash"],
        _ => [Roles.Key(role)],
    };
}
