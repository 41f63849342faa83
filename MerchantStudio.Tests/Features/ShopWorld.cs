using System.Globalization;
using System.Text;
using MerchantStudio.Core.Features;
using MerchantStudio.Core.Features.Cleaning;
using MerchantStudio.Core.Features.Sessions;
using MerchantStudio.Core.Warehouse;
using MerchantStudio.Tests.Warehouse;
using static MerchantStudio.Tests.Warehouse.WarehouseWorld;

namespace MerchantStudio.Tests.Features;

/// <summary>One line of a tiny shop's history.</summary>
public sealed record Line(string? User, string At, string Type, string? Item = "cup", string? Category = null, decimal? Price = null, int? Quantity = null,
    decimal? Discount = null, string? Order = null, string? State = null, string? Coupon = null, string? Device = null, string? Channel = null);

/// <summary>A tiny shop whose events a test writes down one by one.</summary>
public sealed class ShopWorld : IAsyncDisposable
{
    public static readonly DateTimeOffset Now = new(2026, 7, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly WarehouseWorld _world = new();
    private int _line = 1;

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    public Task<WorkspaceWarehouse> OpenAsync() => _world.OpenAsync();

    public Task RunAsync(string sql) => _world.RunAsync(sql);

    public Task<T?> ScalarAsync<T>(string sql) => _world.ScalarAsync<T>(sql);

    public async Task AddAsync(params Line[] lines)
    {
        await using var session = await (await OpenAsync()).BeginAsync(Token);
        using (var appender = session.Append("events", "user_id", "ts", "event_type", "item_id", "category", "price", "quantity", "discount", "order_id", "order_state",
            "coupon_code", "device", "channel", "import_id", "source_line"))
        {
            foreach (var line in lines)
            {
                appender.Text(0, line.User);
                var at = DateTimeOffset.Parse(line.At, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
                appender.Instant(1, (at - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);
                appender.Text(2, line.Type);
                appender.Text(3, line.Item);
                appender.Text(4, line.Category);
                if (line.Price is { } price) appender.Scaled(5, (long)(price * 10_000));
                if (line.Quantity is { } quantity) appender.Int(6, quantity);
                if (line.Discount is { } discount) appender.Scaled(7, (long)(discount * 10_000));
                appender.Text(8, line.Order);
                appender.Text(9, line.State);
                appender.Text(10, line.Coupon);
                appender.Text(11, line.Device);
                appender.Text(12, line.Channel);
                appender.Int(13, 1);
                appender.Long(14, _line++);
                appender.EndRow();
            }

            appender.Complete();
        }

        await session.CommitAsync(Token);
    }

    /// <summary>Cleans and cuts sessions; leaves the next_ tables in place.</summary>
    /// <param name="inLanes">Whether parts may be written side by side.</param>
    public async Task<CleaningReport> CleanAsync(CleaningSettings? settings = null, string timeZone = "UTC", int gapMinutes = 30, bool inLanes = false)
    {
        var warehouse = await OpenAsync();
        await using var session = await warehouse.BeginAsync(Token);
        var report = await EventCleaner.RunAsync(session, (settings ?? CleaningSettings.Default) with { SessionGapMinutes = gapMinutes }, Now, Token, inLanes ? warehouse : null);
        await Sessionizer.RunAsync(session, timeZone, Token);
        await session.CommitAsync(Token);
        return report;
    }

    public async Task<FeatureTable> FeaturesAsync(DateTimeOffset cutoff, int? horizonDays = null, string timeZone = "UTC")
    {
        await using var session = await (await OpenAsync()).BeginAsync(Token);
        await FeatureBuilder.BuildAsync(session, new FeatureQuestion(cutoff, horizonDays, timeZone), "next_user_features", Token);
        var table = await FeatureBuilder.ReadAsync(session, "next_user_features", Token);
        await session.CommitAsync(Token);
        return table;
    }

    /// <summary>All rows of a query as text, a row a line.</summary>
    public async Task<string> PrintAsync(string sql)
    {
        var text = new StringBuilder();
        var rows = await (await OpenAsync()).QueryAsync($"select cast(row_to_json(t) as varchar) from ({sql}) t", row => row.Text(0), [], Token);
        foreach (var row in rows) text.AppendLine(row);
        return text.ToString().TrimEnd();
    }

    public static double Value(FeatureTable table, string user, string feature)
    {
        var column = table.Features.Columns.Select(known => known.Name).ToList().IndexOf(feature);
        return table.Features[table.Users.IndexOf(user), column];
    }
}
