namespace MerchantStudio.Components.Kit;

/// <summary>How a button looks. One Primary a page.</summary>
public enum ButtonKind
{
    Secondary,
    Primary,
    Quiet,

    /// <summary>Outlined, words in the colour for bad; opens a dialog.</summary>
    Danger,

    /// <summary>Filled; only inside the dialog that says what goes.</summary>
    DangerFilled,
}

/// <summary>What a tag or note means. Every tone but Neutral, Draft and Accent comes with an icon.</summary>
public enum Tone
{
    Neutral,
    Draft,
    Accent,
    Good,
    Attention,
    Bad,
}

/// <summary>The four states of a page or panel, each on purpose.</summary>
public enum PageState
{
    Loading,
    Empty,
    Problem,
    Ready,
}

/// <summary>One choice of a select or segmented control.</summary>
public sealed record Choice<TValue>(TValue Value, string Text, bool Disabled = false, string? Group = null);

/// <summary>One step of a page's path; without an address it is the page itself or a bare area.</summary>
public sealed record Crumb(string Text, string? Href = null);

internal static class Looks
{
    public static string Css(this ButtonKind kind) => kind switch
    {
        ButtonKind.Primary => "primary",
        ButtonKind.Quiet => "quiet-button",
        ButtonKind.Danger => "danger",
        ButtonKind.DangerFilled => "danger-fill",
        _ => "",
    };

    public static string Css(this Tone tone) => tone switch
    {
        Tone.Draft => "draft",
        Tone.Accent => "accent",
        Tone.Good => "good",
        Tone.Attention => "attention",
        Tone.Bad => "bad",
        _ => "",
    };

    public static string? Icon(this Tone tone) => tone switch
    {
        Tone.Good => "check-circle",
        Tone.Attention => "warning",
        Tone.Bad => "alert",
        _ => null,
    };
}
