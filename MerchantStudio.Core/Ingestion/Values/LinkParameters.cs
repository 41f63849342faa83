using System.Collections.Immutable;
using System.Net;

namespace MerchantStudio.Core.Ingestion.Values;

/// <summary>What the address of a page says of the link that a visit came by: utm_source and its like.</summary>
public static class LinkParameters
{
    private const int MostLetters = 200;
    private const int MostOfAddress = 8_000;

    public static readonly ImmutableArray<string> Names = ["utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content"];

    /// <summary>What shops and analytics programs call the address of the page that is looked at. A plain "url" is not among them: it may be that of a product or of what is shared.</summary>
    public static readonly ImmutableArray<string> PageNames = ["page_url", "page_location", "$current_url", "current_url", "context_page_url"];

    /// <summary>Whether a value can be kept: not too long, and nothing that looks like a person's address.</summary>
    public static bool IsFit(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return value.Length is > 0 and <= MostLetters && !value.Contains('@', StringComparison.Ordinal);
    }

    /// <summary>The parameters of an address on the web or of a path in a shop, decoded; of one that comes twice the first. Empty for what is neither.</summary>
    public static ImmutableArray<KeyValuePair<string, string>> Of(string? address)
    {
        if (address is not { Length: > 0 and <= MostOfAddress } || !address.Contains("utm_", StringComparison.OrdinalIgnoreCase) || QueryOf(address.Trim()) is not { } query) return [];
        var found = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>();
        foreach (var pair in query.Split('&'))
        {
            var at = pair.IndexOf('=', StringComparison.Ordinal);
            if (at < 0 || Names.FirstOrDefault(name => name.Equals(pair[..at], StringComparison.OrdinalIgnoreCase)) is not { } name || found.Any(one => one.Key == name)) continue;
            var value = WebUtility.UrlDecode(pair[(at + 1)..]).Trim();
            if (IsFit(value) && !value.Any(letter => char.IsControl(letter) || letter == '\uFFFD')) found.Add(KeyValuePair.Create(name, value));
        }

        return found.ToImmutable();
    }

    private static string? QueryOf(string address)
    {
        var whole = address.StartsWith('/') && !address.StartsWith("//", StringComparison.Ordinal) ? $"https://shop.invalid{address}" : address;
        return Uri.TryCreate(whole, UriKind.Absolute, out var read) && (read.Scheme == Uri.UriSchemeHttps || read.Scheme == Uri.UriSchemeHttp) && read.Query.Length > 1 ? read.Query[1..] : null;
    }
}
