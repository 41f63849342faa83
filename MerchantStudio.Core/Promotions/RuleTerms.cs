using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using MerchantStudio.Core.AppState;
using MerchantStudio.Core.Conditions;
using MerchantStudio.Core.Outcomes;

namespace MerchantStudio.Core.Promotions;

/// <summary>All terms of a rule as one JSON text, for its versions.</summary>
internal static class RuleTerms
{
    public static string Write(RuleDraft draft) => JsonSerializer.Serialize(new Written
    {
        Name = draft.Name.Trim(),
        Condition = ConditionJson.Write(draft.Condition),
        Offer = OfferJson.Write(draft.Offer),
        StartsOn = draft.StartsOn,
        EndsOn = draft.EndsOn,
        UsesPerCustomer = draft.UsesPerCustomer,
        TotalUses = draft.TotalUses,
        BudgetMinor = draft.BudgetMinor,
        CodePrefix = draft.CodePrefix,
        Priority = draft.Priority,
        ExclusiveGroup = draft.ExclusiveGroup,
        CombinesWith = (int)draft.CombinesWith,
        MarginFloorBasisPoints = draft.MarginFloorBasisPoints,
        Method = draft.Method,
        DayUses = draft.DayUses,
        DayBudgetMinor = draft.DayBudgetMinor,
        CustomerBudgetMinor = draft.CustomerBudgetMinor,
        SegmentLimits = draft.SegmentLimits.IsEmpty ? null : [.. draft.SegmentLimits],
    }, OfferJson.Options);

    /// <summary>Empty for none.</summary>
    public static string WriteLimits(ImmutableArray<SegmentLimit> limits) => limits.IsEmpty ? "" : JsonSerializer.Serialize(limits, OfferJson.Options);

    public static Outcome<ImmutableArray<SegmentLimit>> ReadLimits(string json)
    {
        if (json.Length == 0) return ImmutableArray<SegmentLimit>.Empty;
        try
        {
            return JsonSerializer.Deserialize<SegmentLimit[]>(json, OfferJson.Options)!.ToImmutableArray();
        }
        catch (JsonException exception)
        {
            return new RuleOfferUnreadable(exception.Path ?? "$");
        }
    }

    public static Outcome<RuleDraft> Read(string json)
    {
        try
        {
            var written = JsonSerializer.Deserialize<Written>(json, OfferJson.Options)!;
            if (!ConditionJson.Read(written.Condition).TryGet(out var condition, out var problem)) return problem;
            if (!OfferJson.Read(written.Offer).TryGet(out var offer, out problem)) return problem;
            return new RuleDraft(written.Name, condition, offer, written.StartsOn, written.EndsOn, written.UsesPerCustomer, written.TotalUses, written.BudgetMinor, written.CodePrefix)
            {
                Priority = written.Priority,
                ExclusiveGroup = written.ExclusiveGroup,
                CombinesWith = (OfferClasses)written.CombinesWith,
                MarginFloorBasisPoints = written.MarginFloorBasisPoints,
                Method = written.Method,
                DayUses = written.DayUses,
                DayBudgetMinor = written.DayBudgetMinor,
                CustomerBudgetMinor = written.CustomerBudgetMinor,
                SegmentLimits = [.. written.SegmentLimits ?? []],
            };
        }
        catch (JsonException exception)
        {
            return new RuleOfferUnreadable(exception.Path ?? "$");
        }
    }

    private sealed record Written
    {
        [JsonRequired] public string Name { get; init; } = "";
        [JsonRequired] public string Condition { get; init; } = "";
        [JsonRequired] public string Offer { get; init; } = "";
        public DateOnly? StartsOn { get; init; }
        public DateOnly? EndsOn { get; init; }
        [JsonRequired] public int UsesPerCustomer { get; init; }
        public int? TotalUses { get; init; }
        public long? BudgetMinor { get; init; }
        [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public string CodePrefix { get; init; } = "";
        public int Priority { get; init; }
        public string? ExclusiveGroup { get; init; }
        public int CombinesWith { get; init; }
        public int? MarginFloorBasisPoints { get; init; }
        public RuleMethod Method { get; init; }
        public int? DayUses { get; init; }
        public long? DayBudgetMinor { get; init; }
        public long? CustomerBudgetMinor { get; init; }
        public SegmentLimit[]? SegmentLimits { get; init; }
    }
}
