using System.Text.Json;

namespace MerchantStudio.Endpoints;

/// <summary>The key that a body begins with: <c>{"key":"msw_...","batch":[...]}</c>. Nothing after it is looked at, since nobody has been let in yet.</summary>
internal static class BodyKey
{
    private const int MostBytes = 1_024;

    /// <returns>Null when the first field is not "key".</returns>
    public static string? Of(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body[..Math.Min(body.Length, MostBytes)], isFinalBlock: false, state: default);
        try
        {
            return reader.Read() && reader.TokenType == JsonTokenType.StartObject && reader.Read() && reader.ValueTextEquals("key"u8)
                && reader.Read() && reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            // No JSON, no field, or half of a surrogate pair: no key either.
            return null;
        }
    }
}
