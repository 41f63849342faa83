using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Live;

public sealed record LiveNotJson(long Line) : Problem("live.not-json", "The body is no JSON that can be read (line {0}). Send one object, a list, or an object with \"batch\" or \"events\".", Line);

public sealed record LiveNoEvents() : Problem("live.no-events", "The body holds no event.");

public sealed record LiveTooManyEvents(int Given, int Most) : Problem("live.too-many-events", "The body holds {0} events; a request may hold {1}. Send several requests.", Given, Most);

public sealed record LiveTooLarge(int Most) : Problem("live.too-large", "The body is larger than {0} bytes. Send several requests.", Most);

public sealed record LiveKeyRefused() : Problem("live.key-refused", "Give a valid key in the header X-API-Key, or as the body's first field \"key\", and never in the address. Keys are made under Settings, Keys.");

public sealed record LiveOriginRefused(string Origin) : Problem("live.origin-refused", "Pages of {0} may not send events to this shop. Add the address on the page Live events.", Origin);

/// <param name="RetrySeconds">When to come back.</param>
public sealed record LiveBusy(int RetrySeconds) : Problem("live.busy", "Too many events wait here. Send this again in {0} seconds.", RetrySeconds);

/// <param name="EventsPerSecond">What a key may send in the long run.</param>
/// <param name="RetrySeconds">When the next request is taken.</param>
public sealed record LiveOverQuota(int EventsPerSecond, int RetrySeconds) : Problem("live.over-quota", "This key sends more than {0} events a second. Send this again in {1} seconds.", EventsPerSecond, RetrySeconds);

/// <param name="RetrySeconds">When a wrong key is answered as such again; a right one is taken at any time.</param>
public sealed record LiveTooManyWrongKeys(int RetrySeconds) : Problem("live.too-many-wrong-keys", "Too many wrong keys came from this address. Try again in {0} seconds.", RetrySeconds);

public sealed record LiveNotStored() : Problem("live.not-stored", "The events could not be stored: the disk may be full. Send them again later; nothing of this request was kept.");

public sealed record LiveEventRefused(string Reason) : Problem("live.event-refused", "The event was refused: {0}", Reason);

public sealed record LiveOriginInvalid(string Origin) : Problem("live.origin-invalid", "'{0}' is no address of a page like https://shop.example. Give scheme and host alone.", Origin);
