using System.Net;
using AngleSharp.Html.Parser;
using MerchantStudio.Core.Access;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Campaigns.Delivery;
using MerchantStudio.Core.Shop;
using MerchantStudio.Tests.Access;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MerchantStudio.Tests.Campaigns;

/// <summary>The way out, as a shopper and her mail program use it.</summary>
public sealed class UnsubscribeTests(WebStudio web) : IClassFixture<WebStudio>
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_shopper_leaves_with_one_click_in_her_language_and_without_signing_in()
    {
        var path = await LinkAsync("mei", "zh-CN");
        Assert.DoesNotContain("tea", path, StringComparison.Ordinal);
        Assert.DoesNotContain("mei", path, StringComparison.Ordinal);
        using var client = web.NewClient();
        var page = await client.GetStringAsync(path, Now);
        Assert.Contains("<html lang=\"zh-CN\"", page, StringComparison.Ordinal);
        Assert.Equal("确认退订", new HtmlParser().ParseDocument(page).QuerySelector("form[method=post] > button[type=submit]")!.TextContent);
        // As light or dark as the browser.
        Assert.Contains("data-theme-choice=\"system\"", page, StringComparison.Ordinal);
        foreach (var part in new HtmlParser().ParseDocument(page).QuerySelectorAll("link[href], script[src]"))
        {
            using var found = await client.GetAsync(part.GetAttribute("href") ?? part.GetAttribute("src"), Now);
            Assert.Equal(HttpStatusCode.OK, found.StatusCode);
        }

        Assert.False(await HasLeftAsync("mei"));
        using var answer = await client.PostAsync(path, null, Now);
        Assert.Equal("已退订", new HtmlParser().ParseDocument(await answer.Content.ReadAsStringAsync(Now)).QuerySelector("h1")!.TextContent);
        Assert.True(await HasLeftAsync("mei"));
        Assert.DoesNotContain("<form", await client.GetStringAsync(path, Now), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mail_programs_own_button_works()
    {
        var path = await LinkAsync("bo", "en");
        using var client = web.NewClient();
        using var form = new FormUrlEncodedContent([new("List-Unsubscribe", "One-Click")]);
        for (var turn = 0; turn < 2; turn++)
        {
            using var answer = await client.PostAsync(path, form, Now);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        Assert.True(await HasLeftAsync("bo"));
    }

    [Fact]
    public async Task A_link_that_was_not_made_here_leads_nowhere()
    {
        var path = await LinkAsync("cy", "en");
        var token = path[3..];
        using var client = web.NewClient();
        foreach (var forged in (string[])[token[..^1] + (token[^1] == '0' ? '1' : '0'), Guid.NewGuid().ToString("N") + token[32..], token[..32], token + "00", new string('0', 64), "x"])
        {
            using var got = await client.GetAsync("/u/" + forged, Now);
            using var posted = await client.PostAsync("/u/" + forged, null, Now);
            Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (got.StatusCode, posted.StatusCode));
        }

        Assert.False(await HasLeftAsync("cy"));
    }

    [Fact]
    public async Task The_slot_in_the_shops_pages_asks_with_a_servers_key_only()
    {
        var scope = new WorkspaceScope(new WorkspaceId(WebStudio.Own), Actor.CommandLine);
        await web.Services.GetRequiredService<Messenger>().QueueAsync(scope, new MessageOrder(Guid.NewGuid(), MessageChannel.OnSite, MessagingWorld.Template), [new Recipient("di")], Now);
        using var client = web.NewClient();
        Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync(null)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync((await KeyAsync(ApiKeyKind.WriteEvents)))).Status);
        var (status, body) = await AskAsync(await KeyAsync(ApiKeyKind.ReadScores));
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("\"button_link\":\"https://shop.example/?c=TEA\"", body, StringComparison.Ordinal);

        async Task<string> KeyAsync(ApiKeyKind kind) => (await web.Services.GetRequiredService<ApiKeys>().CreateAsync(scope, "x", kind, null, Now)).Value.Secret;

        async Task<(HttpStatusCode Status, string Body)> AskAsync(string? key)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/shoppers/di/message");
            if (key is not null) request.Headers.Add("X-API-Key", key);
            using var answer = await client.SendAsync(request, Now);
            return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Now));
        }
    }

    private async Task<string> LinkAsync(string shopper, string language)
    {
        var scope = new WorkspaceScope(new WorkspaceId(WebStudio.Own), Actor.CommandLine);
        var report = await web.Services.GetRequiredService<Messenger>().QueueAsync(scope, new MessageOrder(Guid.NewGuid(), MessageChannel.OnSite, MessagingWorld.Template), [new Recipient(shopper, Language: language)], Now);
        Assert.Equal(1, report.Value.Queued);
        await using var db = await web.Services.GetRequiredService<IDbContextFactory<StudioDb>>().CreateDbContextAsync(Now);
        var id = await db.Deliveries.Where(row => row.ShopperId == shopper).Select(row => row.Id).SingleAsync(Now);
        var settings = new MessagingSettings { WorkspaceId = scope.Workspace, PublicAddress = "https://studio.example" };
        return web.Services.GetRequiredService<OptOuts>().LinkFor(settings, id)!.AbsolutePath;
    }

    private async Task<bool> HasLeftAsync(string shopper)
    {
        await using var db = await web.Services.GetRequiredService<IDbContextFactory<StudioDb>>().CreateDbContextAsync(Now);
        return await db.ShopperOptOuts.AnyAsync(row => row.ShopperId == shopper, Now);
    }
}
