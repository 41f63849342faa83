using MerchantStudio.Core.AppState;

namespace MerchantStudio.Core.Access;

public enum Right
{
    ReadFigures,

    /// <summary>Look up one customer, and whether a code was given or used.</summary>
    LookUpCustomer,

    /// <summary>See names and addresses unmasked.</summary>
    ReadContacts,
    ExportRows,
    ImportData,
    DeleteData,
    RunPipeline,
    OverrideQuality,
    ManageModels,
    EditSegments,
    EditRules,

    /// <summary>Activate a rule, pause it, give out and export codes.</summary>
    PublishOffers,

    /// <summary>Redeem a code on an order, and take it back.</summary>
    RedeemOffers,

    /// <summary>Activate a rule whose budget is above the shop's limit.</summary>
    ApproveBudget,
    ManageShop,

    /// <summary>Make and revoke the keys with which programs send events; name the pages that may.</summary>
    ManageKeys,
    ManageTeam,
    ReadAudit,
}

/// <summary>What each role may do (Owner: everything).</summary>
public static class Rights
{
    private static readonly Dictionary<Role, HashSet<Right>> Table = new()
    {
        [Role.Viewer] = [Right.ReadFigures],
        [Role.Support] = [Right.LookUpCustomer, Right.ReadContacts],
        [Role.Marketer] = [Right.ReadFigures, Right.LookUpCustomer, Right.ReadContacts, Right.ExportRows, Right.ImportData, Right.RunPipeline, Right.EditSegments, Right.EditRules, Right.PublishOffers, Right.RedeemOffers, Right.ManageKeys],
        [Role.Analyst] = [Right.ReadFigures, Right.LookUpCustomer, Right.ReadContacts, Right.ExportRows, Right.ImportData, Right.DeleteData, Right.RunPipeline, Right.OverrideQuality, Right.ManageModels, Right.EditSegments, Right.EditRules],
        [Role.Owner] = [.. Enum.GetValues<Right>()],
    };

    public static bool Allows(Role role, Right right) => Table[role].Contains(right);

    /// <summary>A program has its key's rights, whoever made the key.</summary>
    internal static bool Allows(Actor actor, Right right) => actor.Key switch
    {
        ApiKeyKind.RedeemCoupons => right == Right.RedeemOffers,
        ApiKeyKind.WriteEvents or ApiKeyKind.ReadScores => Allows(Role.Viewer, right),
        _ => Allows(actor.Role, right),
    };
}
