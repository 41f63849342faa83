using System.Collections.Immutable;
using System.Net;
using MerchantStudio.Core.Outcomes;
using MerchantStudio.Core.Shop;

namespace MerchantStudio.Hosting;

/// <summary>What is settled before anything starts: the data folder and the addresses to listen on.</summary>
/// <param name="IsLocalOnly">Every address is a loopback address.</param>
/// <param name="IsEncrypted">Browsers reach it through TLS, here or at the proxy in front.</param>
/// <param name="HasProxies">Trusted proxies are named.</param>
internal sealed record StudioStart(StudioPaths Paths, bool IsLocalOnly, bool IsEncrypted, bool HasProxies, ImmutableArray<string> HostNames)
{
    private const string DefaultUrl = "http://localhost:5080";

    /// <summary>A builder that finds its files beside the program wherever it is started from, and logs what an operator needs.</summary>
    public static WebApplicationBuilder CreateBuilder(string[] arguments)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = ToConfiguration(arguments), ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseStaticWebAssets();
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning)
            .AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Information)
            .AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error)
            .AddFilter("Quartz", LogLevel.Warning);
        return builder;
    }

    /// <summary>Our own switches in the words of the configuration: <c>--data DIR</c> is <c>Studio:DataFolder</c>.</summary>
    public static string[] ToConfiguration(IEnumerable<string> arguments) =>
    [
        .. arguments.SkipWhile(argument => argument == "serve").Select(argument => argument switch
        {
            "--data" => "--Studio:DataFolder",
            "--allow-network" => "--Studio:AllowNetwork=true",
            _ when argument.StartsWith("--data=", StringComparison.Ordinal) => "--Studio:DataFolder=" + argument["--data=".Length..],
            _ => argument,
        }),
    ];

    public static StudioPaths Folder(IConfiguration configuration) =>
        new(Path.GetFullPath(configuration["Studio:DataFolder"] is { Length: > 0 } folder ? folder : "studio-data"));

    /// <summary>Refuses to be reachable from elsewhere unless that was asked for and passwords cannot be read on the way.</summary>
    public static Outcome<StudioStart> Settle(WebApplicationBuilder builder)
    {
        var configuration = builder.Configuration;
        if (string.IsNullOrEmpty(configuration[WebHostDefaults.ServerUrlsKey]) && !configuration.GetSection("Kestrel:Endpoints").Exists())
        {
            builder.WebHost.UseUrls(DefaultUrl);
        }

        var urls = (configuration[WebHostDefaults.ServerUrlsKey] ?? DefaultUrl).Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Concat(configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(endpoint => endpoint["Url"] ?? ""));
        var all = urls.ToList();
        var open = all.Where(url => !IsLoopback(url)).ToList();
        var hosts = (configuration["AllowedHosts"] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Where(host => host != "*").ToImmutableArray();
        var behindProxy = configuration.GetSection("Studio:TrustedProxies").GetChildren().Any();
        if (open.Count > 0)
        {
            if (!configuration.GetValue<bool>("Studio:AllowNetwork")) return new NetworkNotAllowed(open[0]);
            if (!behindProxy && open.Find(url => !IsHttps(url)) is { } plain) return new NetworkNotSafe(plain);
            if (hosts.IsEmpty) return new HostNamesMissing();
        }

        return new StudioStart(Folder(configuration), open.Count == 0 && !behindProxy, behindProxy || all.TrueForAll(IsHttps), behindProxy, hosts.IsEmpty ? ["localhost", "127.0.0.1", "[::1]"] : hosts);
    }

    private static bool IsHttps(string url) => url.StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    private static bool IsLoopback(string url) =>
        Uri.TryCreate(url.Replace("*", "0.0.0.0", StringComparison.Ordinal).Replace("+", "0.0.0.0", StringComparison.Ordinal), UriKind.Absolute, out var parsed)
        && (parsed.Host == "localhost" || (IPAddress.TryParse(parsed.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address)));
}

internal sealed record NetworkNotAllowed(string Url)
    : Problem("host.network-not-allowed", "{0} can be reached from other machines. Use a loopback address like http://localhost:5080, or add --allow-network.", Url);

internal sealed record NetworkNotSafe(string Url)
    : Problem("host.network-not-safe", "{0} would send passwords unencrypted. Use an https:// address, or name your TLS proxy in Studio:TrustedProxies.", Url);

internal sealed record HostNamesMissing()
    : Problem("host.names-missing", "Name the hosts under which the studio is reached, separated by ';', in the setting AllowedHosts.");
