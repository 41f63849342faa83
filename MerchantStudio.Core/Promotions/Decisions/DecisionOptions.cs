namespace MerchantStudio.Core.Promotions.Decisions;

/// <summary>"Studio:Decisions" in the settings.</summary>
public sealed class DecisionOptions
{
    /// <summary>How long an answer waits for what is known of a shopper; then it goes without the offers that ask about her.</summary>
    public int PatienceMilliseconds { get; set; } = 50;

    internal TimeSpan Patience => TimeSpan.FromMilliseconds(PatienceMilliseconds);
}
