using System.Collections.Immutable;

namespace MerchantStudio.Core.Exports;

/// <summary>The shop's own rows as they were imported, under the names of our own forms: an export can be imported again.</summary>
internal static class DatasetSources
{
    private const string OrderImports = "(select import_id from imported where kind = 'Orders')";

    private static readonly ImmutableArray<ExportColumn> EventColumns =
    [
        Text("user_id"), Text("anonymous_id"), Text("session_id"), Text("event_type"), Text("item_id"), Time("timestamp", "ts"), Text("item_name"), Text("category"), Text("brand"), Money("price"), Whole("quantity"),
        Money("discount"), Text("currency"), Text("order_id"), Whole("line_no"), Text("order_state"), Text("coupon_code"), Text("search_query"), Text("device"), Text("region"), Text("channel"), Text("message_id"),
    ];

    public static ExportSource Of(ExportWhat what) => what switch
    {
        ExportWhat.Events => new($"events e where e.import_id is null or e.import_id not in {OrderImports} order by e.import_id, e.source_line", ["events"], EventColumns),
        ExportWhat.Orders => new($"events e where e.import_id in {OrderImports} order by e.import_id, e.source_line, e.event_type", ["events"], EventColumns),
        ExportWhat.Products => new(
            "products e order by e.item_id", ["products"], [Text("item_id"), Text("item_name", "name"), Text("category"), Text("brand"), Money("price"), Money("cost"), Text("description")]),
        ExportWhat.Customers => new(
            "customers e order by e.user_id", ["customers"],
            [Text("user_id"), Text("country"), Text("city"), Text("gender"), Whole("birth_year"), Time("joined_at", "joined_at"), Text("email_consent")]),
        ExportWhat.Feedback => new(
            "feedback e order by e.import_id, e.source_line", ["feedback"],
            [Text("feedback_type"), Text("user_id"), Text("item_id"), Time("timestamp", "ts"), Money("feedback_value", "value"), Text("comment")]),
        ExportWhat.AdSpend => new(
            "ad_spend e order by e.ts, e.import_id, e.source_line", ["ad_spend"],
            [Time("timestamp", "ts"), Money("spend"), Text("channel"), Text("campaign"), Text("currency"), Whole("impressions"), Whole("clicks")]),
        _ => throw new ArgumentOutOfRangeException(nameof(what), what, "No rows of the shop's own."),
    };

    private static ExportColumn Text(string name, string? column = null) => new(name, $"e.{column ?? name}", CellKind.Text);

    private static ExportColumn Whole(string name) => new(name, $"e.{name}", CellKind.Whole);

    private static ExportColumn Money(string name, string? column = null) => new(name, $"e.{column ?? name}", CellKind.Number, 4);

    private static ExportColumn Time(string name, string column) => new(name, $"e.{column}", CellKind.Instant);
}
