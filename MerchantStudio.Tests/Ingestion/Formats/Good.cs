using System.Globalization;
using System.Text;

namespace MerchantStudio.Tests.Ingestion.Formats;

/// <summary>The same sound events in every format.</summary>
internal static class Good
{
    private static readonly string[] Names = ["user_id", "event_type", "item_id", "timestamp", "price"];

    public static string[] Row(int row) => [$"u{row % 40}", row % 5 == 0 ? "purchase" : "view", $"item-{row % 9}", $"2026-03-{1 + row % 28:00}T10:{row % 60:00}:00Z", (row % 100 + 0.5).ToString(CultureInfo.InvariantCulture)];

    public static byte[] Csv(int rows) => Encoding.UTF8.GetBytes(string.Join('\n', Enumerable.Range(0, rows).Select(row => string.Join(',', Row(row))).Prepend(string.Join(',', Names))));

    public static byte[] NdJson(int rows) => Encoding.UTF8.GetBytes(string.Join('\n', Enumerable.Range(0, rows).Select(Json)));

    public static byte[] JsonList(int rows) => Encoding.UTF8.GetBytes($"{{\"next\":null,\"events\":[{string.Join(",\n", Enumerable.Range(0, rows).Select(Json))}]}}");

    public static byte[] Workbook(int rows) => new SmallWorkbook().Sheet("Events", SmallWorkbook.Rows(1, [Names, .. Enumerable.Range(0, rows).Select(Row)])).ToBytes();

    public static byte[] Parquet(FormatWorld world, int rows) => world.Parquet($"""
        select 'u' || i % 40 as user_id, case when i % 5 = 0 then 'purchase' else 'view' end as event_type, 'item-' || i % 9 as item_id,
               timestamp '2026-03-01 10:00:00' + to_hours(i) as timestamp, (i % 100 + 0.5)::double as price from range({rows}) t(i)
        """);

    public static byte[] Sqlite(FormatWorld world, int rows) => world.Sqlite($"""
        create table events (user_id text, event_type text, item_id text, timestamp text, price real);
        {string.Concat(Enumerable.Range(0, rows).Select(row => $"insert into events values ('{string.Join("','", Row(row))}');"))}
        """.Replace("create table", "begin; create table", StringComparison.Ordinal) + "commit;");

    private static string Json(int row) => "{" + string.Join(',', Names.Zip(Row(row), (name, value) => name == "price" ? $"\"{name}\":{value}" : $"\"{name}\":\"{value}\"")) + "}";
}
