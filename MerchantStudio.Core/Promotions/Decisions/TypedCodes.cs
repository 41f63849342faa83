using System.Collections.Immutable;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Shop;
using Microsoft.EntityFrameworkCore;

namespace MerchantStudio.Core.Promotions.Decisions;

/// <summary>A code that a shopper brought.</summary>
/// <param name="Name">As it was given out; as typed where there is no such code.</param>
/// <param name="RuleId">Null where there is no such code.</param>
/// <param name="IsPaused">Its rule is.</param>
/// <param name="Owner">Null for a code that anybody may use.</param>
/// <param name="UsedUp">Its own uses are gone.</param>
/// <param name="CampaignId">The campaign that gave it.</param>
/// <param name="Refused">Why the shopper may not use an advocate's code.</param>
internal sealed record TypedCode(string Name, Guid? RuleId, bool IsPaused, string? Owner, bool UsedUp, Guid? CampaignId, Redemptions.RefusalReason? Refused = null);

/// <summary>Finds codes by what was typed: the one thing that a decision asks the database, and only where there are any.</summary>
internal sealed class TypedCodes(IDbContextFactory<StudioDb> databases, Redemptions.ReferralFriends friends)
{
    /// <summary>In the order typed; what reads alike counts once.</summary>
    public async Task<ImmutableArray<TypedCode>> FindAsync(WorkspaceId workspace, ImmutableArray<string> typed, string? shopper, CancellationToken cancellationToken)
    {
        var lookups = typed.Select(CodeText.Normalise).Distinct(StringComparer.Ordinal).ToArray();
        var database = await databases.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = database.ConfigureAwait(false);
        var found = await database.CouponCodes.AsNoTracking().Where(code => code.WorkspaceId == workspace && lookups.Contains(code.Lookup))
            .Join(database.CouponRules, code => code.RuleId, rule => rule.Id, (code, rule) => new { Code = code, rule.State }).ToDictionaryAsync(pair => pair.Code.Lookup, StringComparer.Ordinal, cancellationToken).ConfigureAwait(false);
        var limited = found.Values.Where(pair => pair.Code.MostUses is not null).Select(pair => pair.Code.Code).ToArray();
        var used = limited.Length == 0 ? [] : await database.RedemptionCounters.AsNoTracking().Where(counter => counter.WorkspaceId == workspace && counter.Scope == CounterScope.Code && limited.Contains(counter.Key))
            .ToDictionaryAsync(counter => counter.Key, counter => counter.Uses, StringComparer.Ordinal, cancellationToken).ConfigureAwait(false);
        var refused = new Dictionary<string, Redemptions.RefusalReason?>(StringComparer.Ordinal);
        foreach (var pair in found.Values.Where(pair => pair.Code.AdvocateId is not null)) refused[pair.Code.Code] = await friends.RefusalAsync(database, pair.Code, shopper, null, cancellationToken).ConfigureAwait(false);
        return [.. lookups.Select((lookup, index) => found.TryGetValue(lookup, out var pair)
            ? new TypedCode(pair.Code.Code, pair.Code.RuleId, pair.State == CouponRuleState.Paused, pair.Code.ShopperId, used.GetValueOrDefault(pair.Code.Code) >= pair.Code.MostUses, pair.Code.CampaignId, refused.GetValueOrDefault(pair.Code.Code))
            : new TypedCode(typed.First(code => CodeText.Normalise(code) == lookup), null, false, null, false, null))];
    }
}
