using System.Text;
using MerchantStudio.Core.Campaigns.Messages;
using MerchantStudio.Core.Campaigns.Webhooks;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Ingestion.Recognition;
using MerchantStudio.Core.Ingestion.Rows;
using MerchantStudio.Core.Ingestion.Text;
using MerchantStudio.Core.Ingestion.Values;
using MerchantStudio.Core.Live.Reading;
using MerchantStudio.Tests.Ingestion.Formats;
using MerchantStudio.Tests.Promotions;

namespace MerchantStudio.Tests.Fuzzing;

/// <summary>A parser of ours that reads what strangers wrote.</summary>
/// <param name="Seeds">Good input to begin with.</param>
/// <param name="Run">Reads some bytes; nothing may be thrown.</param>
internal sealed record FuzzTarget(string Name, byte[][] Seeds, Action<byte[]> Run);

internal static class FuzzTargets
{
    private static readonly DateTimeOffset Now = new(2026, 7, 1, 12, 0, 0, TimeSpan.Zero);

    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new("table", [Good.Csv(8), .. Texts(
            "order_id;created_at;email;total;currency\n#1001;31.12.2025 23:59;a@example.test;1.234,50;EUR\n",
            "1,2268318,2520377,pv,1511544070\n1,2333346,2520771,buy,1511561733\n",
            "\"review\"\"s text\",rating,用户ID\n\"两行\n评论\",5,u1\n=cmd(),4,\"'007\"\n")], ReadTable),
        new("events", Texts(
            """{"batch":[{"type":"track","event":"Order Completed","userId":"u1","messageId":"s4","timestamp":"2026-07-01T10:03:00.000Z","properties":{"order_id":"o1","currency":"CNY","products":[{"product_id":"杯","price":10.5,"quantity":3}]}}]}""",
            """{"client_id":"c.1","user_id":"u","events":[{"name":"add_to_cart","params":{"items":[{"item_id":"i","price":"9,90","quantity":1}]}},{"name":"page_view"}]}""",
            """[{"event":"review","user_id":"u","item_id":"i","rating":4,"text":"gut"},{"type":"identify","userId":"u","anonymousId":"a"},{"event":"search","anonymous_id":"a","query":"x","timestamp":1782900000}]"""), ReadEvents),
        new("conditions", Texts(
            """{"all":[{"attribute":"orders","operator":"at_least","values":["2"]},{"any":[{"segments":["rfm:loyal"]},{"not":{"attribute":"last_seen","operator":"since","values":["2026-02-28"]}}]}]}""",
            """{"any":[{"event":"view","operator":"at_least","times":3,"days":7,"category":"\u8336"},{"interest":"tea","share":0.5}]}"""), ReadConditions),
        new("webhook-addresses", Texts("https://shop.example/hooks?x=1", "https://茶.example:8443/a/b", "https://[::ffff:127.0.0.1]:8443/", "https://user@0x7f.1:443/%2e", "https://xn--zcr.example/"), ReadWebhookAddress),
        new("messages", Texts("Hi {{shopper.first_name|there}},\n\nuse {{code}} for {{offer}}.\n{{unsubscribe}}", "https://shop.example/?c={{code}}&x={{offer|1}}", "{{valid_until}} <b> javascript: data:text/html {{{x}}}"), ReadMessage),
    ];

    /// <summary>What an upload goes through up to its rows: shape, recognition, mapping, and every cell as what its role makes of it.</summary>
    private static void ReadTable(byte[] bytes)
    {
        var path = Path.Combine(Path.GetTempPath(), $"fuzz-{Environment.ProcessId}");
        File.WriteAllBytes(path, bytes);
        if (!DelimitedFile.Open(path, new FileReading()).TryGet(out var file, out _)) return;
        using (file)
        {
            if (file.Sample.IsEmpty || !Recognizer.Recognise(file.Shape, file.Sample, null, null).TryGet(out var found, out _)) return;
            if (!ColumnMap.Create(found.Mapping, file.Shape).TryGet(out var columns, out _)) return;
            var (times, numbers) = (new TimestampParser(TimeZoneInfo.Utc, found.Mapping.DateOrder), new NumberParser(found.Mapping.DecimalComma));
            while (file.Read())
            {
                if (!file.IsWhole) continue;
                columns.BeginRow(file);
                foreach (var role in Enum.GetValues<ColumnRole>())
                {
                    var cell = columns.Cell(file, role);
                    _ = times.TryParse(cell, out _);
                    _ = numbers.TryAmount(cell, out _);
                    _ = numbers.TryWhole(cell, out _);
                }
            }
        }
    }

    private static void ReadEvents(byte[] bytes) => new EventReader(TimeZoneInfo.Utc, Now, new PromotionWorld.PlainContacts(), isPreview: false).Read(bytes, 500);

    private static void ReadConditions(byte[] bytes)
    {
        if (!ConditionJson.Read(Encoding.UTF8.GetString(bytes)).TryGet(out var condition, out _)) return;
        _ = ConditionJson.Read(ConditionJson.Write(condition)).Value;
    }

    private static void ReadWebhookAddress(byte[] bytes)
    {
        if (!WebhookTarget.Check(Encoding.UTF8.GetString(bytes), new MessagingOptions()).TryGet(out var target, out _)) return;
        if (target.Address is not { Scheme: "https", Port: 443 or 8443, UserInfo: "", HostNameType: UriHostNameType.Dns }) throw new InvalidOperationException($"'{target.Address}' was let through.");
    }

    private static void ReadMessage(byte[] bytes)
    {
        var text = Encoding.UTF8.GetString(bytes);
        foreach (var message in (MessageText[])[new("Hi", text), new(text, "Hi"), new("Hi", "Hi", "Go", text)])
        {
            if (!new MessageTemplate(message, null).Parse().TryGet(out var parsed, out var problem)) _ = problem.Message;
            else _ = MessageRenderer.Render(parsed.In("en"), new Dictionary<string, string> { ["code"] = text, ["shopper.first_name"] = text }, new Uri("https://studio.example/u/1"));
        }
    }

    private static byte[][] Texts(params string[] texts) => [.. texts.Select(Encoding.UTF8.GetBytes)];
}
