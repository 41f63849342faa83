using Microsoft.Playwright;
using Xunit;

namespace MerchantStudio.Tests.Browser;

/// <summary>The distribution's chromium, one for all browser tests; tests are skipped where there is none.</summary>
public sealed class Chromium : IAsyncLifetime
{
    // The shell is the same engine without windows to draw, and takes less of the machine.
    private static readonly string[] Places = ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        if (Place() is not { } place) return;
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = place,
            Args = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
    }

    /// <summary>A browser profile of its own, in English unless said otherwise.</summary>
    public async Task<IBrowserContext> OpenAsync(Uri address, int width = 1440, int height = 900, string locale = "en-US", ColorScheme scheme = ColorScheme.Light)
    {
        Assert.SkipWhen(_browser is null, "No chromium is installed on this machine.");
        var context = await _browser.NewContextAsync(new()
        {
            BaseURL = address.ToString(),
            Locale = locale,
            TimezoneId = "Europe/Vienna",
            ColorScheme = scheme,
            ReducedMotion = ReducedMotion.Reduce,
            ViewportSize = new() { Width = width, Height = height },
            AcceptDownloads = true,
        });
        context.SetDefaultTimeout(30_000);
        return context;
    }

    private static string? Place() =>
        Environment.GetEnvironmentVariable("MERCHANTSTUDIO_CHROMIUM") is { Length: > 0 } chosen ? chosen : Places.FirstOrDefault(File.Exists);
}

/// <summary>Browser tests run one after another: each wants the machine. Those who only look share one demo, the others have a server of their own.</summary>
[CollectionDefinition(Name)]
public sealed class BrowserTests : ICollectionFixture<Chromium>, ICollectionFixture<DemoStudio>
{
    public const string Name = "browser";
}
