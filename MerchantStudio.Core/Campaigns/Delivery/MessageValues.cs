using System.Collections.Immutable;
using System.Text.Json;
using MerchantStudio.Core.Access;

namespace MerchantStudio.Core.Campaigns.Delivery;

/// <summary>What a delivery keeps of its shopper: personal, so it is protected as a whole.</summary>
internal sealed record MessageValues(string? Language, ImmutableDictionary<string, string> Values)
{
    public string Protect(IContactProtector protector) => protector.Protect(JsonSerializer.Serialize(this, JsonSerializerOptions.Strict));

    /// <returns>Null when the keys are gone.</returns>
    public static MessageValues? Of(string? text, IContactProtector protector) =>
        text is null ? new MessageValues(null, ImmutableDictionary<string, string>.Empty) : protector.Unprotect(text) is { } json ? JsonSerializer.Deserialize<MessageValues>(json, JsonSerializerOptions.Strict) : null;
}
