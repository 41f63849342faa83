using System.Net;
using MerchantStudio.Core.Access;

namespace MerchantStudio.Endpoints;

/// <summary>
/// Counts codes that do not exist, by key and by who typed them. Whoever is over the limit is not answered at all until the minute is over, for right codes neither:
/// otherwise the difference would tell which guess was right.
/// </summary>
internal sealed class WrongCodes(TimeProvider clock)
{
    private readonly Guesses<(string Key, string Who)> _guesses = new(clock);

    /// <summary>Seconds until the next code is looked up; null while one may be.</summary>
    /// <param name="typedFrom">The shopper's own address, where the shop's server names it; so one guesser does not stop a whole shop.</param>
    public int? Held(KeyHolder key, IPAddress? sender, string? typedFrom) => _guesses.Held(Who(key, sender, typedFrom));

    public void Note(KeyHolder key, IPAddress? sender, string? typedFrom) => _guesses.Note(Who(key, sender, typedFrom));

    private static (string Key, string Who) Who(KeyHolder key, IPAddress? sender, string? typedFrom) =>
        ($"{key.Workspace}/{key.Prefix}", IPAddress.TryParse(typedFrom, out var shopper) ? shopper.ToString() : sender?.ToString() ?? "");
}
