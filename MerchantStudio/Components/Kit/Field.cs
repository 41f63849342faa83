using Microsoft.AspNetCore.Components;

namespace MerchantStudio.Components.Kit;

/// <summary>What every field of the kit takes: a label (always; HideLabel keeps it for screen readers), a hint, an error, and its value with a callback for binding.</summary>
public abstract class Field<TValue> : ComponentBase
{
    [Parameter] public string? Label { get; set; }
    [Parameter] public bool HideLabel { get; set; }
    [Parameter] public string? Hint { get; set; }
    [Parameter] public string? Error { get; set; }
    [Parameter] public bool Disabled { get; set; }

    /// <summary>28 high, for panels and table heads.</summary>
    [Parameter] public bool Small { get; set; }
    [Parameter] public string? Class { get; set; }
    [Parameter] public TValue? Value { get; set; }
    [Parameter] public EventCallback<TValue?> ValueChanged { get; set; }

    protected string Id { get; } = "f-" + Guid.NewGuid().ToString("N");

    protected string? Note => Error is null && Hint is null ? null : Id + "-note";

    protected string Css => $"input {(Small ? "small" : "")} {(Error is null ? "" : "invalid")}";

    protected string? Invalid => Error is null ? null : "true";

    protected Task SetAsync(TValue? value)
    {
        Value = value;
        return ValueChanged.InvokeAsync(value);
    }
}
