namespace MerchantStudio.Components.Kit;

/// <summary>How a figure moved against the period before.</summary>
/// <param name="Text">Already written: "12.4%", "0.7 pt".</param>
/// <param name="Direction">Positive for up, negative for down, 0 for level.</param>
/// <param name="IsGood">Null when neither; up is not always good.</param>
public sealed record Change(string Text, int Direction, bool? IsGood)
{
    public string Tone => IsGood switch { true => "good", false => "bad", _ => "" };

    public string Icon => Direction < 0 ? "arrow-down" : "arrow-up";
}
