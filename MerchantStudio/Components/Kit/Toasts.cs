namespace MerchantStudio.Components.Kit;

/// <summary>Short news at the foot of the window, one circuit's own: <c>Toasts.Say("Renamed", "Undo", UndoAsync)</c>.</summary>
public sealed class Toasts
{
    private readonly List<Toast> _shown = [];

    public event Action? Changed;

    internal IReadOnlyList<Toast> Shown => _shown;

    /// <param name="action">Word on the button, when something can be done about it (undo).</param>
    public void Say(string text, string? action = null, Func<Task>? onAction = null)
    {
        _shown.Add(new Toast(Guid.NewGuid(), text, action, onAction));
        if (_shown.Count > 3) _shown.RemoveAt(0);
        Changed?.Invoke();
    }

    internal void Remove(Guid id)
    {
        _shown.RemoveAll(toast => toast.Id == id);
        Changed?.Invoke();
    }
}

internal sealed record Toast(Guid Id, string Text, string? Action, Func<Task>? OnAction);
