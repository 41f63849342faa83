using System.Collections.Immutable;
using System.Text.Json;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Promotions.Redemptions;
using MerchantStudio.Localization;

namespace MerchantStudio.Components.Pages.Settings;

/// <summary>A reason why an offer gives nothing, as programs read it.</summary>
/// <param name="InDecisionsOnly">Whether redeeming never says it.</param>
internal sealed record ApiReason(string Code, string Means, bool InDecisionsOnly);

/// <summary>A state of an answer.</summary>
internal sealed record ApiStatus(int Code, string Means, string Then);

/// <summary>The closed lists of the API's page, in the reader's language.</summary>
internal static class ApiWords
{
    public static ImmutableArray<int> Statuses { get; } = [200, 202, 204, 400, 401, 403, 404, 409, 413, 422, 429, 503];

    public static ImmutableArray<ApiReason> Reasons(Texts words) =>
        [.. Enum.GetValues<RefusalReason>().Select(reason => new ApiReason(JsonNamingPolicy.SnakeCaseLower.ConvertName(reason.ToString()), Sentence(words[$"Trial.reason-{reason}"]), reason is RefusalReason.BetterCombination or RefusalReason.NotInTime))];

    public static ImmutableArray<ApiStatus> States(Texts words) => [.. Statuses.Select(code => new ApiStatus(code, words[$"Api.status-{code}"], words[$"Api.then-{code}"]))];

    /// <summary>What a key of this kind begins with.</summary>
    public static string Prefix(ApiKeyKind kind) => kind switch { ApiKeyKind.ReadScores => "msr_", ApiKeyKind.RedeemCoupons => "msc_", _ => "msw_" };

    // The words are written to stand within a sentence; here each is one.
    private static string Sentence(string words) => char.ToUpperInvariant(words[0]) + words[1..];
}
