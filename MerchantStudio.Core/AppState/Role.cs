namespace MerchantStudio.Core.AppState;

/// <summary>What a person may do in a workspace; the meaning of each stands in Access.</summary>
public enum Role
{
    Viewer,
    Support,
    Marketer,
    Analyst,
    Owner,
}
