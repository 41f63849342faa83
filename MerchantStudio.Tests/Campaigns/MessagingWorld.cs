using System.Collections.Immutable;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Campaigns.Delivery;
using MerchantStudio.Core.Campaigns.Messages;
using MerchantStudio.Core.Campaigns.Setup;
using MerchantStudio.Core.Campaigns.Webhooks;
using MerchantStudio.Core.Warehouse;
using MerchantStudio.Tests.Promotions;
using MerchantStudio.Tests.Worlds;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MerchantStudio.Tests.Campaigns;

/// <summary>A tea shop in Berlin on a Wednesday at noon, with customers, a mail server and a webhook of its own.</summary>
internal sealed class MessagingWorld : IAsyncDisposable
{
    public static readonly DateTimeOffset Wednesday = new(2026, 11, 18, 11, 0, 0, TimeSpan.Zero);
    public static readonly Guid Campaign = new("0199f000-0000-7000-8000-000000000001");

    private MessagingWorld(TemporaryStudio studio, WorkspaceScope scope, PromotionWorld.FixedTime time, MailCatcher mail, WebhookReceiver receiver)
    {
        (Studio, Scope, Time, Mail, Receiver) = (studio, scope, time, mail, receiver);
    }

    public TemporaryStudio Studio { get; }
    public WorkspaceScope Scope { get; }
    public PromotionWorld.FixedTime Time { get; }
    public MailCatcher Mail { get; }
    public WebhookReceiver Receiver { get; }
    public string Secret { get; private set; } = "";
    public Guid Endpoint { get; private set; }

    public static CancellationToken Now => TestContext.Current.CancellationToken;

    public static MessageTemplate Template { get; } = new(
        new MessageText("A gift, {{shopper.first_name|you}}", "Hello {{shopper.first_name|there}},\n\nuse {{code|TEA}}.\n.hidden dot", "Shop", "https://shop.example/?c={{code|TEA}}"),
        new MessageText("{{shopper.first_name|您好}}，送您礼物", "请使用 {{code|TEA}}。"));

    public static async Task<MessagingWorld> OpenAsync(Func<MessagingChange, MessagingChange>? change = null, Action<MessagingOptions>? configure = null)
    {
        var time = new PromotionWorld.FixedTime(Wednesday);
        var mail = new MailCatcher();
        var receiver = await WebhookReceiver.StartAsync();
        var studio = await TemporaryStudio.OpenAsync(services =>
        {
            services.AddSingleton<TimeProvider>(time);
            services.PostConfigure<MessagingOptions>(options =>
            {
                options.LocalTargets = [$"127.0.0.1:{mail.Port}", receiver.Local];
                (options.WebhookSeconds, options.MailSeconds) = (5, 5);
                configure?.Invoke(options);
            });
        });
        var world = new MessagingWorld(studio, await studio.WorkspaceAsync(), time, mail, receiver);
        var setup = studio.Get<MessagingSetup>();
        var settings = (await setup.LookAsync(world.Scope, Now)).Value.Settings with
        {
            SenderName = "茶 Tea shop",
            SenderAddress = "hello@tea.example",
            PublicAddress = "https://studio.example",
            SmtpHost = "127.0.0.1",
            SmtpPort = mail.Port,
            SmtpSecurity = MailSecurity.None,
            MostAWeek = null,
        };
        Assert.Null((await setup.ChangeAsync(world.Scope, change?.Invoke(settings) ?? settings, Now)).Problem);
        var added = (await studio.Get<WebhookEndpoints>().AddAsync(world.Scope, "Push", receiver.Url, Now)).Value;
        (world.Secret, world.Endpoint) = (added.Secret, added.Id);
        return world;
    }

    public WorkspaceScope As(Role role) => Scope with { Actor = new Actor(role.ToString(), null, role) };

    /// <summary>Customers with an address; by default they agreed.</summary>
    public async Task CustomersAsync(params (string Id, string? Name, string? Email, bool? Consent)[] customers)
    {
        var protector = Studio.Get<IContactProtector>();
        var warehouse = await Studio.Get<WarehouseRegistry>().OpenAsync(Scope.Workspace, Now);
        foreach (var (id, name, email, consent) in customers)
        {
            await warehouse.QueryAsync(
                "insert into customers (user_id, name_protected, email_protected, email_hash, email_consent, import_id, source_line) values ($1, $2, $3, $4, $5, 1, 1)",
                _ => 0,
                [id, name is null ? null : protector.Protect(name), email is null ? null : protector.Protect(email), email is null ? null : protector.Hash(email), consent],
                Now);
        }
    }

    public async Task<ImmutableArray<Recipient>> ManyAsync(int count)
    {
        await CustomersAsync([.. Enumerable.Range(0, count).Select(number => ($"s{number}", (string?)"Mei Lin", (string?)$"s{number}@example.test", (bool?)true))]);
        return [.. Enumerable.Range(0, count).Select(number => new Recipient($"s{number}"))];
    }

    public async Task<QueueReport> QueueAsync(IReadOnlyList<Recipient> recipients, MessageChannel channel = MessageChannel.Webhook, Guid? campaign = null, string occurrence = "") =>
        (await Studio.Get<Messenger>().QueueAsync(Scope, new MessageOrder(campaign ?? Campaign, channel, Template, occurrence), recipients, Now)).Value;

    /// <summary>Sends everything that is due now.</summary>
    public async Task SendAsync()
    {
        var worker = Studio.Get<DeliveryWorker>();
        await worker.StartDueAsync(Now);
        await worker.IdleAsync();
    }

    public async Task<List<Delivery>> RowsAsync()
    {
        await using var db = await Studio.DbAsync();
        return await db.Deliveries.AsNoTracking().OrderBy(row => row.ShopperId).ThenBy(row => row.Id).ToListAsync(Now);
    }

    public async Task<Delivery> RowAsync() => Assert.Single(await RowsAsync());

    public async ValueTask DisposeAsync()
    {
        await Studio.DisposeAsync();
        Mail.Dispose();
        await Receiver.DisposeAsync();
    }
}
