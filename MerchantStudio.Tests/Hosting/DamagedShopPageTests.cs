using System.Net;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Shop;
using MerchantStudio.Tests.Access;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace MerchantStudio.Tests.Hosting;

/// <summary>A shop whose file cannot be read: its pages and its events' door say so, and nothing else does.</summary>
[Trait("Row", "C18")]
public sealed class DamagedShopPageTests(WebStudio web) : IClassFixture<WebStudio>
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_pages_of_a_damaged_shop_say_which_file_it_is()
    {
        var file = web.Services.GetRequiredService<StudioPaths>().Warehouse(new WorkspaceId(WebStudio.Own));
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllBytesAsync(file, [.. Enumerable.Repeat((byte)0x5A, 20_000)], Now);
        using var client = await web.SignInAsync(Role.Owner);
        foreach (var page in (string[])["", "/data/datasets", "/customers"])
        {
            using var answer = await client.GetAsync($"/w/{WebStudio.Own}{page}", Now);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            var html = WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(Now));
            Assert.Contains($"The file {file}, which holds this shop's data, is damaged.", html, StringComparison.Ordinal);
        }

        using var start = await client.GetAsync("/start", Now);
        Assert.Equal(HttpStatusCode.OK, start.StatusCode);
    }
}
