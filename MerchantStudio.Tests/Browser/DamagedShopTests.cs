using MerchantStudio.Core.Shop;
using Xunit;

namespace MerchantStudio.Tests.Browser;

/// <summary>What a merchant sees of a shop whose file cannot be read.</summary>
[Collection(BrowserTests.Name)]
public sealed class DamagedShopTests(Chromium chromium)
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Row", "C18")]
    public async Task The_pages_of_a_damaged_shop_say_which_file_it_is_and_what_to_do()
    {
        var folder = Directory.CreateTempSubdirectory("studio-browser-").FullName;
        var server = await StudioServer.StartInAsync(folder, Now, "--Studio:Demo=false");
        try
        {
            await using var context = await chromium.OpenAsync(server.Address);
            var page = await context.NewPageAsync();
            await page.GotoAsync("/setup");
            var shop = await page.SetUpShopAsync(server, "Tea");
            await server.KillAsync();
            var file = new StudioPaths(folder).Warehouse(new WorkspaceId(shop));
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.Delete(file + ".wal");
            await File.WriteAllBytesAsync(file, [.. Enumerable.Repeat((byte)0x5A, 20_000)], Now);

            server = await StudioServer.StartInAsync(folder, Now, "--Studio:Demo=false");
            foreach (var path in (string[])["", "/data/datasets", "/customers"])
            {
                await page.GotoAsync(new Uri(server.Address, $"/w/{shop}{path}").ToString());
                await page.GetByText($"The file {file}, which holds this shop's data, is damaged.").WaitForAsync();
                Assert.False(await page.Locator("#blazor-error-ui").IsVisibleAsync());
            }
        }
        finally
        {
            await server.DisposeAsync();
        }
    }
}
