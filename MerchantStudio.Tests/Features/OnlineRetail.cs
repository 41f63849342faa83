using System.Globalization;
using System.IO.Compression;
using MerchantStudio.Core.Warehouse;
using static MerchantStudio.Tests.Warehouse.WarehouseWorld;

namespace MerchantStudio.Tests.Features;

/// <summary>Loads the UCI file line by line, with cancellation lines as refunds and nothing left out.</summary>
internal static class OnlineRetail
{
    public static async Task LoadAsync(WorkspaceWarehouse warehouse, string file)
    {
        await using var packed = new GZipStream(File.OpenRead(file), CompressionMode.Decompress);
        using var lines = new StreamReader(packed);
        await using var session = await warehouse.BeginAsync(Token);
        using (var appender = session.Append("events", "user_id", "ts", "event_type", "item_id", "price", "quantity", "order_id", "region", "properties", "import_id", "source_line"))
        {
            await lines.ReadLineAsync(Token);
            for (var line = 2L; await lines.ReadLineAsync(Token) is { } text; line++)
            {
                var csv = Cells(text);
                var invoice = csv[0];
                var isRefund = invoice.StartsWith('C');
                var quantity = int.Parse(csv[3], CultureInfo.InvariantCulture);
                appender.Text(0, csv[6] is { Length: > 0 } customer ? customer : null);
                appender.Instant(1, (DateTime.Parse(csv[4], CultureInfo.InvariantCulture).Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond);
                appender.Text(2, isRefund ? "refund" : "purchase");
                appender.Text(3, csv[1]);
                appender.Scaled(4, (long)(decimal.Parse(csv[5], CultureInfo.InvariantCulture) * 10_000));
                appender.Int(5, isRefund ? Math.Abs(quantity) : quantity);
                appender.Text(6, invoice);
                appender.Text(7, csv[7]);
                appender.Text(8, csv[2]);
                appender.Int(9, 1);
                appender.Long(10, line);
                appender.EndRow();
            }

            appender.Complete();
        }

        await session.CommitAsync(Token);
    }

    /// <summary>No cell of this file holds a line break; some hold quoted commas and doubled quotes.</summary>
    private static List<string> Cells(string line)
    {
        List<string> cells = [""];
        var quoted = false;
        foreach (var letter in line)
        {
            if (letter == '"') quoted = !quoted;
            else if (letter == ',' && !quoted) cells.Add("");
            else cells[^1] += letter;
        }

        return cells;
    }
}
