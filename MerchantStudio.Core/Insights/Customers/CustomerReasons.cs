using System.Collections.Immutable;
using System.Text.Json;

namespace MerchantStudio.Core.Insights.Customers;

/// <summary>Reads the reasons as the score stage writes them.</summary>
internal static class CustomerReasons
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    public static ImmutableArray<ChanceReason> Read(string? json) => json is null ? [] : JsonSerializer.Deserialize<ImmutableArray<ChanceReason>>(json, Options);
}
